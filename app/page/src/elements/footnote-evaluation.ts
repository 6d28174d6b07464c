import { html, nothing } from 'lit';
import { problemFrom } from '../api/problems.js';
import type { Evaluation } from '../api/types.js';
import { define } from './part.js';
import { View, when } from './view.js';

/** What the last `footnote eval` measured. */
export class FootnoteEvaluation extends View<Evaluation | 'none'> {
  protected readonly heading = 'Evaluation';

  protected async load(): Promise<Evaluation | 'none'> {
    try {
      return await this.app.session.service.evaluation();
    } catch (error) {
      if (problemFrom(error).status === 404) return 'none';
      throw error;
    }
  }

  protected content(run: Evaluation | 'none') {
    if (run === 'none') {
      return html`<p>Nothing was measured on these docs yet. <code>footnote eval</code> does it, with questions of yours.</p>`;
    }
    return html`<p>${when(run.created_at)}, ${run.mode}. ${run.summary}.</p>
      <div class="wide" tabindex="0" role="group" aria-label="Metrics"><table>
        <thead><tr><th scope="col">Metric</th><th scope="col" class="n">Mean</th><th scope="col" class="n">95 % interval</th>
          <th scope="col" class="n">Questions</th></tr></thead>
        <tbody>${run.metrics.map((one) => html`<tr>
          <td>${one.metric}${one.about ? html` <span class="small">${one.about}</span>` : nothing}</td>
          <td class="n">${one.value.toFixed(3)}</td>
          <td class="n">${one.low.toFixed(3)} to ${one.high.toFixed(3)}</td><td class="n">${one.questions}</td></tr>`)}
        </tbody></table></div>
      <section><h2>Missed (${run.missed})</h2>
        <ul class="list">${run.misses.map((one) => html`<li dir="auto">${one.question}
          <span class="small">${one.why}${one.expected.length ? html`; expected <span class="path">${one.expected.join(', ')}</span>` : nothing}</span></li>`)}</ul>
      </section>`;
  }
}

define('footnote-evaluation', FootnoteEvaluation);
