import { type KeyKind, Keys } from './keys.js';
import type { Filters } from '../state/turn.js';
import { isKeyWanted, problemOf, sentence, ServiceError, unreachable } from './problems.js';
import { serverEvents } from './sse.js';
import type {
  Answer,
  Changes,
  Citation,
  Collection,
  Collections,
  Evaluation,
  Feedback,
  Gaps,
  Generation,
  IndexStatus,
  Ingest,
  Overview,
  Page,
  QueryEvent,
  Question,
  Resolved,
  SavedAnswer,
  Search,
  WhyNot,
} from './types.js';

export interface Call {
  method?: 'GET' | 'POST';
  params?: Record<string, string | string[] | undefined>;
  body?: unknown;
  accept?: string;
  kind?: KeyKind;
  signal?: AbortSignal;
  /** Where the person has no key that is good, the reply is about what is open to all, and shows that it is. */
  isOpen?: boolean;
  /** Whether the person is asked for a key. */
  asks?: boolean;
}

/** Asks the person for a key, and says `why`; null if they have none. */
export type AskForKey = (kind: KeyKind, why: string) => Promise<string | null>;

/** The HTTP routes of one Footnote service. */
export class Service {
  readonly keys: Keys;

  /** The collection that the views other than the conversation are about, where there are several: one object a choice. */
  about: { collection?: string } = {};
  /** The one that a person chose, though the key of the moment may not show it. */
  chosen = '';

  /** The key that the browser sends by itself. */
  private signedIn: string | null = null;
  private signing: Promise<unknown> = Promise.resolve();
  /** A key that was typed in, and has opened nothing yet. */
  private untried: string | null = null;

  constructor(
    readonly base: URL,
    private readonly askForKey: AskForKey = async () => null,
    private readonly keyTaken: (kind: KeyKind) => Promise<void> = async () => undefined,
    private readonly keyLost: (hadWorked: boolean) => void = () => undefined,
  ) {
    this.keys = new Keys(base.href);
  }

  /** What happens while a question is answered; an abort ends it, and the work on it. */
  async *ask(body: Question, signal: AbortSignal): AsyncGenerator<QueryEvent> {
    const response = await this.send('query', { method: 'POST', body, accept: 'text/event-stream', signal });
    if (!response.body) return;
    for await (const { event, data } of serverEvents(response.body)) {
      yield { event, data: JSON.parse(data) } as QueryEvent;
    }
  }

  /** The bytes of a page, as a generation has them. */
  async file({ generation, path, collection }: Page, signal?: AbortSignal): Promise<Uint8Array> {
    const call = { accept: '*/*', params: { collection: collection ?? undefined }, signal };
    const response = await this.send(`files/${generation}/${pathParts(path)}`, call);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** That of a collection, where there are several. */
  async liveGeneration(collection?: string | null): Promise<number> {
    if (!collection) return (await this.json<{ generation: number }>('health/ready')).generation;
    return (await this.collections()).find((one) => one.name === collection)?.generation ?? 0;
  }

  /** What can be asked of a collection or of all, for the page to begin with. */
  overview(collection?: string, asks = true): Promise<Overview> {
    return this.json('overview', { params: { collection: collection || undefined }, isOpen: true, asks });
  }

  async collections(kind: KeyKind = 'reader', asks = true): Promise<Collection[]> {
    return (await this.json<Collections>('collections', { kind, isOpen: kind === 'reader', asks })).collections;
  }

  /** Those that may be read with a key; none where it is not one to read with. */
  async readWith(key: string | null): Promise<Collection[]> {
    const response = await this.fetch('collections', {}, key);
    return response.ok ? ((await response.json()) as Collections).collections : [];
  }

  /** The passages that come first, with the rank and score of each stage. */
  search(question: string, filters: Filters): Promise<Search> {
    return this.json('search', { params: { q: question, top_k: '4', ...paramsOf(filters) } });
  }

  whyNot(question: string, page: string, filters: Filters): Promise<WhyNot> {
    return this.json('search/why-not', { params: { q: question, page, ...paramsOf(filters) } });
  }

  index(): Promise<IndexStatus> {
    return this.json('index', { params: this.about });
  }

  async feedback(body: Feedback): Promise<void> {
    await this.send('feedback', { method: 'POST', body });
  }

  evaluation(): Promise<Evaluation> {
    return this.json('evaluation', { params: this.about });
  }

  gaps(): Promise<Gaps> {
    return this.json('gaps', { params: this.about, kind: 'admin' });
  }

  /** A gap as the markdown of an issue, in which nothing that was asked is markup. */
  async gapAsIssue(question: string): Promise<string> {
    const call = { params: { ...this.about, question }, accept: 'text/markdown', kind: 'admin' as const };
    return (await this.send('gaps', call)).text();
  }

  dismissGap(question: string): Promise<unknown> {
    return this.change('gaps/dismiss', { question });
  }

  resolveGap(question: string): Promise<Resolved> {
    return this.change('gaps/resolve', { question });
  }

  changes(): Promise<Changes> {
    return this.json('index/changes', { params: this.about, kind: 'admin' });
  }

  generations(): Promise<Generation[]> {
    return this.json('generations', { params: this.about, kind: 'admin' });
  }

  rollBack(to: number): Promise<unknown> {
    return this.change('rollback', { to });
  }

  /** Save an answer on the service; where it is found. */
  async share(answer: Answer): Promise<string> {
    const { path } = await this.json<SavedAnswer>('answers', { method: 'POST', body: answer });
    return this.url(path.replace(/^\//, '')).href;
  }

  startIngest(rebuild: boolean, allowDeletes: boolean): Promise<Ingest> {
    return this.change('ingest', { rebuild, allow_deletes: allowDeletes });
  }

  ingest(id: string): Promise<Ingest> {
    return this.json(`ingest/${id}`, { params: this.about, kind: 'admin' });
  }

  /** The address of a page to read, at a citation's lines. */
  viewUrl(citation: Page & Pick<Citation, 'start_line' | 'end_line'>): string {
    const { path, generation, start_line, end_line, collection } = citation;
    const params = {
      generation: String(generation),
      lines: `${start_line}-${end_line}`,
      collection: collection ?? undefined,
    };
    return this.url(`view/${pathParts(path)}`, params).href + `#L${start_line}`;
  }

  private change<T>(path: string, body: unknown): Promise<T> {
    return this.json(path, { method: 'POST', body, params: this.about, kind: 'admin' });
  }

  async json<T>(path: string, call: Call = {}): Promise<T> {
    const { about } = this;
    try {
      return (await (await this.send(path, call)).json()) as T;
    } finally {
      // Another is shown by now: whatever was replied about this one, or went wrong, is no more of interest.
      if (call.params === about && about !== this.about) throw new DOMException('', 'AbortError');
    }
  }

  private url(path: string, params: Call['params'] = {}): URL {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(params)) {
      for (const one of [value ?? []].flat()) url.searchParams.append(name, one);
    }
    return url;
  }

  /**
   * A successful response. Where a key is wanted, or an admin's is and the one that was shown is not, the person is
   * asked until one is right or none is given. Then only what says by itself that it is open to all is tried without:
   * a question that nobody meant to ask of less would be answered from less.
   */
  private async send(path: string, call: Call): Promise<Response> {
    const kind = call.kind ?? 'reader';
    for (let asks = call.asks ?? true, typed = false; ; ) {
      const shown = this.keys.get(kind);
      const response = await this.fetch(path, call, shown);
      const problem = response.ok ? null : await problemOf(response);
      const isUnknown = problem?.status === 401;
      if (!isUnknown && shown === this.untried) this.untried = null;
      if (!problem || !(isUnknown || (kind === 'admin' && isKeyWanted(problem)))) {
        if (typed) await this.keyTaken(kind);
        if (problem) throw new ServiceError(problem);
        if (kind === 'reader') this.keepSignedIn();
        return response;
      }
      const current = this.keys.get(kind);
      if (current && current !== shown) continue; // it was given meanwhile
      if (!asks) throw new ServiceError(problem);
      const hadWorked = isUnknown && shown !== this.untried;
      const why = !shown ? '' : hadWorked ? `${ENDED} ` : `${WRONG} `;
      const key = await this.askForKey(kind, shown && !isUnknown ? sentence(problem.detail) : why + asksFor(kind));
      if (key) this.use(kind, key);
      typed = asks = key !== null;
      if (key) continue;
      if (shown && isUnknown) this.lose(shown, hadWorked);
      if (!shown || !call.isOpen) throw new ServiceError(shown && hadWorked ? { ...problem, detail: ENDED } : problem);
    }
  }

  /** Show this key from now on. */
  use(kind: KeyKind, key: string): void {
    this.keys.set(kind, key);
    this.untried = key;
  }

  get isSignedIn(): boolean {
    return this.keys.get('admin') !== null;
  }

  /** Whether the page is one of the service. */
  get isHere(): boolean {
    return this.base.origin === location.origin;
  }

  /**
   * Forget all keys, and let the browser forget the one that it sends by itself.
   *
   * Throws where the service cannot be reached, which alone can do that; then nothing is forgotten.
   */
  async signOut(): Promise<void> {
    if (this.isHere && !(await this.sendBySelf(null))?.ok) throw new ServiceError(unreachable(this.base));
    this.keys.forget();
  }

  private lose(key: string, hadWorked: boolean): void {
    this.keys.forget(key);
    if (this.isHere) void this.sendBySelf(null);
    this.keyLost(hadWorked);
  }

  /**
   * Lets the browser send the reader's key by itself, as the links to pages of the docs can carry none. Only where the
   * service is that of this page: it is no cookie for others.
   */
  private keepSignedIn(): void {
    const key = this.keys.get('reader');
    if (key !== this.signedIn && this.isHere) void this.sendBySelf(key);
  }

  /** One after the other, so that the last one holds. */
  private sendBySelf(key: string | null): Promise<Response | null> {
    this.signedIn = key;
    const headers = { 'Content-Type': 'application/json' };
    const call = key
      ? { method: 'POST', headers, body: JSON.stringify({ key }) }
      : { method: 'DELETE' };
    const send = () => fetch(this.url('session'), { ...call, credentials: 'same-origin' }).catch(() => null);
    const sent = this.signing.then(send);
    this.signing = sent;
    return sent;
  }

  private async fetch(path: string, call: Call, key: string | null): Promise<Response> {
    const headers: Record<string, string> = { Accept: call.accept ?? 'application/json' };
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    if (key) headers['Authorization'] = `Bearer ${key}`;
    const body = call.body === undefined ? null : JSON.stringify(call.body);
    const { method = 'GET', signal = null } = call;
    try {
      return await fetch(this.url(path, call.params), { method, headers, body, signal, credentials: 'omit' });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ServiceError(unreachable(this.base));
    }
  }
}

const WRONG = 'That key was not the right one.';
const ENDED = 'Your key is not valid any more: it was revoked, or it has expired.';

export function asksFor(kind: KeyKind): string {
  return `The service asks for ${kind === 'admin' ? 'the admin key, or one with the scope admin' : 'a key'}.`;
}

function paramsOf({ collection, path, tags }: Filters): NonNullable<Call['params']> {
  return { collection: collection || undefined, path: path || [], tag: [...tags] };
}

function pathParts(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
