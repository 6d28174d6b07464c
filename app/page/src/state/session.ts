import { isAbort, problemFrom, slugOf } from '../api/problems.js';
import { asksFor, Service } from '../api/service.js';
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
  readonly keyWanted: { readonly kind: KeyKind; readonly why: string } | null;
  /** How many keys were given: what was loaded before the last may be less than what it opens. */
  readonly signIns: number;
  /** What a screen reader is told. */
  readonly told: string;
}

const RETRY_MS = 2000;

/** What lives as long as the element: the service, the conversation, the answer that is being written. */
export class Session {
  readonly service: Service;
  state: State;
  /** The last look at what is served. What is loaded beside it waits for it, so that a key is asked for once. */
  opening: Promise<void> = Promise.resolve();
  /** The key that was used here has ended, and no other one was given. */
  isKeyLost = false;
  private isOpening = false;
  private looks = 0;
  private readonly conversations: Conversations;
  private asking: AbortController | null = null;
  private giveKey: ((key: string | null) => void) | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    base: URL,
    filters: Filters,
    private readonly changed: () => void,
  ) {
    this.service = new Service(base, this.askForKey, this.keyTaken, this.keyLost);
    this.conversations = new Conversations(`footnote:${base.href}`);
    const conversation = { id: newId(), turns: [] };
    const earlier = this.conversations.all();
    const unknown = { overview: null, collections: [], problem: null, keyWanted: null, signIns: 0, told: '' };
    this.state = { ...unknown, conversation, earlier, filters };
  }

  get isAsking(): boolean {
    return this.asking !== null;
  }

  /** Ask what is served; while it is loading, again and again. `asks` for a key where one is wanted. */
  open(asks = true): Promise<void> {
    this.isOpening = true;
    this.opening = this.look(asks).finally(() => (this.isOpening = false));
    return this.opening;
  }

  private async look(asks: boolean): Promise<void> {
    clearTimeout(this.retry);
    const { collection } = this.state.filters;
    const look = ++this.looks;
    try {
      // One after the other: where a key is wanted, it is asked for once.
      const overview = await this.service.overview(collection, asks);
      const collections = await this.service.collections('reader', asks);
      if (look === this.looks) this.set({ overview, collections, problem: null });
    } catch (error) {
      if (look !== this.looks) return;
      const problem = problemFrom(error);
      // It was there when it was chosen.
      if (isGone(problem) && this.state.collections.some(({ name }) => name === collection)) {
        this.set({ filters: { path: '', tags: [] } });
        return this.look(asks);
      }
      // Without a key, what was seen with one is not there.
      this.set(problem.status === 401 ? { problem, overview: null, collections: [] } : { problem });
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
    if (!question.trim() || this.asking) return;
    const asking = new AbortController();
    this.asking = asking;
    if (!this.state.overview) await this.opening; // it tells whether a key may open more
    const { filters, conversation } = this.state;
    let turn = newTurn(question.trim(), newId(), filters, this.state.overview?.can_sign_in);
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
      const problem = problemFrom(error);
      if (!isAbort(error)) turn = turn.said.length ? turn : failed(turn, problem);
      if (isGone(problem)) void this.open();
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

  /** Ask for a key where none is needed, but one opens more. */
  async signIn(): Promise<void> {
    const key = await this.askForKey('reader', asksFor('reader'));
    if (!key) return;
    this.service.use('reader', key);
    await this.open();
    if (this.service.isSignedIn) this.isKeyLost = false;
    this.set({ signIns: this.state.signIns + 1 });
  }

  private readonly askForKey = (kind: KeyKind, why: string): Promise<string | null> => {
    this.giveKey?.(null);
    this.set({ keyWanted: { kind, why } });
    return new Promise((resolve) => (this.giveKey = resolve));
  };

  /** A key was typed in and is good: look again at what there is. */
  private readonly keyTaken = async (kind: KeyKind): Promise<void> => {
    this.isKeyLost = false;
    const { keys } = this.service;
    const { overview, collections } = this.state;
    if (kind === 'admin' && (overview?.can_sign_in || keys.own('reader'))) {
      // An admin's is one to read with as well, unless it opens less than what was seen so far.
      const key = keys.get(kind);
      const seen = (await this.service.readWith(key)).map(({ name }) => name);
      if (seen.length && collections.every(({ name }) => seen.includes(name))) keys.set('reader', key);
    }
    if (!this.isOpening) void this.open();
    this.set({ signIns: this.state.signIns + 1 });
  };

  /** A key was refused, and no other one was given. */
  private readonly keyLost = (hadWorked: boolean): void => {
    this.isKeyLost ||= hadWorked;
    if (!this.isOpening) void this.open(false);
  };

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

function isGone(problem: Problem): boolean {
  return slugOf(problem) === 'collection-unknown';
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
  return crypto.getRandomValues(new Uint32Array(2)).join('-');
}
