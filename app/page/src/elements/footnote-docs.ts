import { html, nothing } from 'lit';
import type { Changes, DocsChanges, Generation, IndexStatus, Ingest } from '../api/types.js';
import { define } from './part.js';
import { counted, View, when } from './view.js';

const LOOK_MS = 400;
const HELD = 'urn:footnote:problem:deletions';

/** What is served: how old it is, what was left out; with the admin key, ingest and roll back. */
export class FootnoteDocs extends View<IndexStatus> {
  static override properties = {
    ...View.properties,
    running: { state: true },
    generations: { state: true },
    note: { state: true },
    changes: { state: true },
  };
  declare running: Ingest | null;
  declare generations: Generation[] | null;
  declare note: string;
  declare changes: Changes | null;
  protected readonly heading = 'Docs';

  constructor() {
    super();
    this.running = this.generations = this.changes = null;
    this.note = '';
  }

  protected override begin(): void {
    super.begin();
    this.running = null;
    this.clear();
  }

  /** Of what was done before, only what still runs is shown from now on. */
  private clear(): void {
    if (this.running?.state !== 'running') this.running = null;
    this.generations = this.changes = null;
    this.note = '';
  }

  protected load(): Promise<IndexStatus> {
    return this.app.session.service.index();
  }

  protected content(index: IndexStatus) {
    const languages = Object.entries(index.languages).map(([code, files]) => `${code} ${files}`);
    return html`<dl class="facts">
        <dt>Generation</dt><dd>${index.generation}, built ${when(index.created_at)}</dd>
        <dt>Pages</dt><dd>${counted(index.files, 'page')}, ${counted(index.chunks, 'passage')}</dd>
        <dt>Languages</dt><dd>${languages.join(', ')}</dd>
        <dt>Folder</dt><dd>${index.docs_dir
          ? html`<span class="path" dir="ltr">${index.docs_dir}</span>, `
          : nothing}read as ${index.flavour}</dd>
        <dt>Answers</dt><dd>${index.llm}</dd>
      </dl>
      <section><h2>Left out</h2>${index.skipped.length
        ? html`<div class="wide" tabindex="0" role="group" aria-label="Left out"><table>
            <thead><tr><th scope="col">What</th><th scope="col">Lost</th><th scope="col">Why</th></tr></thead>
            <tbody>${index.skipped.map((skip) => html`<tr>
              <td class="path">${skip.path.split(/(?<=\/)/).map((part) => html`${part}<wbr>`)}</td><td>${skip.lost}</td><td>${skip.reason}: ${skip.detail}</td></tr>`)}
            </tbody></table></div>`
        : html`<p class="small">Nothing: every page was read whole.</p>`}</section>
      <section><h2>Update</h2>${this.updating(index)}</section>`;
  }

  private updating(index: IndexStatus) {
    if (!this.app.session.state.overview?.can_ingest) {
      return html`<p class="small">Ingest with <code>footnote ingest</code>. To do it here, set an admin key:
        <code>FOOTNOTE_ADMIN_KEY</code>.</p>`;
    }
    const { running } = this;
    return html`<div class="row-wrap">
        <button class="button" ?disabled=${running?.state === 'running'} @click=${() => this.ingest(false)}>Ingest now</button>
        <button class="button quiet" ?disabled=${running?.state === 'running'} @click=${() => this.ingest(true)}>Rebuild all</button>
        <button class="button quiet" @click=${this.compare}>What changed?</button>
        <button class="button quiet" @click=${this.list}>Generations</button>
      </div>
      ${running ? this.progress(running) : nothing}
      ${this.changes ? this.differences(this.changes) : nothing}
      ${this.note ? html`<p class="note" role="status">${this.note}</p>` : nothing}
      ${this.generations
        ? html`<ul class="list">${this.generations.map((one) => html`<li>
            ${one.generation}: ${when(one.created_at)}, ${counted(one.files, 'page')}
            ${one.generation === index.generation
              ? html`<strong>live</strong>`
              : html`<button class="link" @click=${() => this.rollBack(one.generation)}>Make live</button>`}
          </li>`)}</ul>`
        : nothing}`;
  }

  private differences({ before, changes, docs_changes, docs_problem }: Changes) {
    return html`<div role="status">
      <p><strong>In the folder since:</strong> ${docs_changes ? paths(docs_changes) : nothing} ${docs_problem}</p>
      ${before !== null && changes
        ? html`<p><strong>Since generation ${before}:</strong> ${paths(changes)}</p>`
        : nothing}</div>`;
  }

  private progress(ingest: Ingest) {
    const { state, stage, done, total, report, problem } = ingest;
    if (state === 'failed') {
      return html`<p class="note bad" role="alert">${problem?.detail}
        ${problem?.type === HELD
          ? html`<button class="button quiet" @click=${() => this.ingest(false, true)}>Remove them</button>`
          : nothing}</p>`;
    }
    if (state === 'done') {
      return html`<p class="note" role="status">${report?.['published']
        ? `Generation ${report['generation']} is live.`
        : 'Nothing had changed.'}</p>`;
    }
    return html`<label class="small">${stage ? `${stage}: ${done} of ${total}` : 'Starting'}
      <progress max=${total || 1} value=${done}></progress></label>`;
  }

  private readonly ingest = (rebuild: boolean, allowDeletes = false): Promise<void> =>
    this.tryTo(async () => {
      this.clear();
      const { session } = this.app;
      this.running = await session.service.startIngest(rebuild, allowDeletes);
      const { id } = this.running;
      // Another collection may be chosen meanwhile.
      const isShown = () => this.running?.id === id && this.isConnected;
      while (isShown() && this.running.state === 'running') {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        if (!isShown()) return;
        this.running = await session.service.ingest(id);
      }
      await this.until(Number(this.running.report?.['generation'] ?? 0));
    });

  private readonly compare = (): Promise<void> =>
    this.tryTo(async () => {
      this.clear();
      this.changes = await this.app.session.service.changes();
    });

  private readonly list = (): Promise<void> =>
    this.tryTo(async () => {
      this.clear();
      this.generations = await this.app.session.service.generations();
    });

  private readonly rollBack = (to: number): Promise<void> =>
    this.tryTo(async () => {
      const { generations } = this;
      this.clear();
      this.generations = generations;
      const { service } = this.app.session;
      await service.rollBack(to);
      await this.until(to);
      this.note = `Generation ${to} is live.`;
      this.generations = await service.generations();
    });

  /** Wait until the service answers from a generation, which it takes up by itself. */
  private async until(generation: number): Promise<void> {
    for (let looks = 0; looks < 20; looks++) {
      this.loaded = await this.load();
      if (!generation || this.loaded.generation === generation) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const { session } = this.app;
    await session.open();
    this.collections = await session.service.collections();
  }
}

/** What was added, changed and deleted, by path. */
function paths(changes: DocsChanges) {
  const kinds = (['added', 'changed', 'deleted'] as const).filter((kind) => changes[kind].length);
  if (!kinds.length) return 'nothing';
  return html`<ul class="list">${kinds.map((kind) => changes[kind].map((path) => html`<li>
    ${kind} <span class="path" dir="ltr">${path}</span></li>`))}</ul>`;
}

define('footnote-docs', FootnoteDocs);
