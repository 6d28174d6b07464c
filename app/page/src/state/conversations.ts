import { ended, type Turn } from './turn.js';

/** A conversation as this browser keeps it. */
export interface Conversation {
  readonly id: string;
  readonly turns: readonly Turn[];
}

const VERSION = 1;
const MOST_CONVERSATIONS = 20;
const MOST_TURNS = 30; // of one conversation

interface Kept {
  version: number;
  conversations: Conversation[];
}

/** The conversations that this browser keeps, the newest first; apart for each service and embedding. */
export class Conversations {
  constructor(
    private readonly name: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null = browserStorage(),
  ) {}

  all(): Conversation[] {
    try {
      const kept = JSON.parse(this.storage?.getItem(this.name) ?? 'null') as Kept | null;
      if (kept?.version !== VERSION) return [];
      return kept.conversations.map(({ id, turns }) => ({ id, turns: turns.map((turn) => ended(turn, false)) }));
    } catch {
      return []; // what another version or a person put there
    }
  }

  /** Keep a conversation as the newest; older ones go where there is no room. */
  keep(conversation: Conversation): void {
    const turns = conversation.turns.slice(-MOST_TURNS).map(withoutTexts);
    const others = this.all().filter((one) => one.id !== conversation.id);
    const kept = turns.length ? [{ id: conversation.id, turns }, ...others] : others;
    for (let most = MOST_CONVERSATIONS; most > 0; most = most >> 1) {
      if (this.store(kept.slice(0, most))) return;
    }
  }

  forgetAll(): void {
    this.storage?.removeItem(this.name);
  }

  private store(conversations: Conversation[]): boolean {
    try {
      this.storage?.setItem(this.name, JSON.stringify({ version: VERSION, conversations } satisfies Kept));
      return true;
    } catch {
      return false; // full, or not allowed
    }
  }
}

/** A turn without what takes room and is not shown again. */
function withoutTexts(turn: Turn): Turn {
  return { ...turn, hits: turn.hits.map((hit) => ({ ...hit, chunk: { ...hit.chunk, text: '', metadata: {} } })) };
}

function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
