import { isAbort, problemFrom, Service } from '../api/service.js';
import type { Collection, Overview, Problem } from '../api/types.js';
import type { KeyKind } from '../api/keys.js';
import { Conversations, type Conversation } from './conversations.js';
import { after, ended, failed, historyOf, newTurn, type Filters, type Turn } from './turn.js';

/** All that is shown; replaced, never changed. */
export interface State {
  /** Of the collection that is asked, or of all. */
  readonly overview: Overview | null;
  readonly collections: readonly Collection[];
  /** Why there is no overview. */
  readonly problem: Problem | null;
  readonly conversation: Conversation;
  readonly earlier: readonly Conversation[];
  readonly filters: Filters;
  readonly keyWanted: { readonly kind: KeyKind; readonly wrong: boolean } | null;
  /** What a screen reader is told. */
  readonly told: string;
}

const RETRY_MS = 2000;

/** What lives as long as the element: the service, the conversation, the answer that is being written. */
export class Session {
  readonly service: Service;
  state: State;
  private readonly conversations: Conversations;
  private asking: AbortController | null = null;
  private giveKey: ((key: string | null) => void) | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    base: URL,
    filters: Filters,
    private readonly changed: () => void,
  ) {
    this.service = new Service(base, (kind, wrong) => this.askForKey(kind, wrong));
    this.conversations = new Conversations(`footnote:${base.href}`);
    const conversation = { id: newId(), turns: [] };
    const earlier = this.conversations.all();
    const unknown = { overview: null, collections: [], problem: null, keyWanted: null, told: '' };
    this.state = { ...unknown, conversation, earlier, filters };
  }

  get isAsking(): boolean {
    return this.asking !== null;
  }

  /** Ask what is served; while it is loading, again and again. */
  async open(): Promise<void> {
    clearTimeout(this.retry);
    try {
      // One after the other: where a key is wanted, it is asked for once.
      const overview = await this.service.overview(this.state.filters.collection);
      this.set({ overview, collections: await this.service.collections(), problem: null });
    } catch (error) {
      const problem = problemFrom(error);
      this.set({ problem });
      if (problem.status === 503 || problem.status === null) {
        this.retry = setTimeout(() => void this.open(), RETRY_MS);
      }
    }
  }

  close(): void {
    clearTimeout(this.retry);
    this.stop();
  }

  async ask(question: string): Promise<void> {
    const { filters, conversation } = this.state;
    if (!question.trim() || this.asking) return;
    const asking = new AbortController();
    this.asking = asking;
    let turn = newTurn(question.trim(), newId(), filters);
    const { collection, path, tags } = filters;
    const body = {
      question: turn.question,
      collection: collection || null,
      history: historyOf(conversation.turns),
      filters: { path: path || null, tags: [...tags], fields: {} },
    };
    this.put(turn, 'Searching the docs');
    try {
      for await (const event of this.service.ask(body, asking.signal)) {
        turn = after(turn, event);
        this.put(turn, event.event === 'sentence' ? event.data.text : this.state.told);
      }
    } catch (error) {
      if (!isAbort(error)) turn = turn.said.length ? turn : failed(turn, problemFrom(error));
    }
    turn = ended(turn, asking.signal.aborted);
    this.asking = null;
    this.put(turn, outcome(turn));
    this.conversations.keep(this.state.conversation);
    if (turn.answer && turn.answer.generation !== this.state.overview?.generation) await this.open();
  }

  stop(): void {
    this.asking?.abort();
  }

  begin(conversation: Conversation = { id: newId(), turns: [] }): void {
    this.stop();
    this.set({ conversation, earlier: this.conversations.all(), told: '' });
  }

  forgetAll(): void {
    this.conversations.forgetAll();
    this.begin();
  }

  filter(filters: Filters): void {
    const isElsewhere = filters.collection !== this.state.filters.collection;
    this.set({ filters });
    if (isElsewhere) void this.open();
  }

  /** The key that was typed in, or null for none. */
  answerKey(key: string | null): void {
    this.set({ keyWanted: null });
    this.giveKey?.(key);
    this.giveKey = null;
  }

  tell(told: string): void {
    this.set({ told });
  }

  private askForKey(kind: KeyKind, wrong: boolean): Promise<string | null> {
    this.giveKey?.(null);
    this.set({ keyWanted: { kind, wrong } });
    return new Promise((resolve) => (this.giveKey = resolve));
  }

  private put(turn: Turn, told: string): void {
    const { conversation } = this.state;
    const others = conversation.turns.filter((one) => one.id !== turn.id);
    const isThere = others.length < conversation.turns.length;
    if (!isThere && turn.progress !== 'asking') return; // a new conversation was begun meanwhile
    this.set({ conversation: { ...conversation, turns: [...others, turn] }, told });
  }

  private set(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
    this.changed();
  }
}

function outcome(turn: Turn): string {
  if (turn.progress === 'stopped') return 'Stopped';
  if (turn.progress === 'broken') return 'The connection broke before the answer was complete';
  if (turn.problem) return turn.problem.detail;
  if (turn.answer?.refused) return 'The docs do not say';
  const { length } = turn.citations;
  return `Answer complete, ${length} ${length === 1 ? 'source' : 'sources'}`;
}

function newId(): string {
  // randomUUID needs https or localhost.
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
