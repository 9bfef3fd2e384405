import { isSameTurn, userWords, type TurnResult } from '../../contract/evaluation-turn.ts';
import { distributions, selectivityPlane, waterfall } from './charts.ts';
import { FIGURE_ROWS } from './figure-rows.ts';
import { html, Markup } from './html.ts';
import type { Report, Rerun } from '../../contract/evaluation-report.ts';
import { replacedWords, rerunConclusion } from '../../contract/rerun-words.ts';

export interface HtmlReportOptions {
  /** Address of a turn's sound: beside the report, or a data URI. */
  audioUrl(turn: TurnResult): string;
}

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:1200px;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border-bottom:1px solid #8886;padding:.35rem .6rem;text-align:left;vertical-align:top}
svg{width:100%;max-width:820px;height:auto;display:block}svg.plane{max-width:380px}svg text{fill:currentColor;font-size:12px}
.quiet,small{opacity:.75}.bad{color:#b91c1c;font-weight:600}.good{color:#15803d}@media(prefers-color-scheme:dark){.bad{color:#fca5a5}.good{color:#86efac}}
.sides{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(300px,1fr))}.warn{border:2px solid #b91c1c;padding:.6rem}
article{border-top:1px solid #8886;padding:.5rem 0}audio{width:100%;height:2rem}`;

/** One file without any other but the recordings: no script, nothing from the network. */
export function htmlReport(report: Report, { audioUrl }: HtmlReportOptions): string {
  const { architectures, faults, at } = report;
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" /><meta name="viewport" content="width=device-width" />
      <title>Comparison of voice architectures</title
      ><style>
        ${new Markup(STYLE)}
      </style>
      <h1>Comparison of voice architectures</h1>
      <p>${at}</p>
      ${faults.length > 0 ? html`<p class="warn">Broken on purpose: ${faults.join(', ')}. Nothing here is a figure to quote.</p>` : ''}
      <h2>Figures</h2>
      ${figureTable(report)}
      <h2>Voice to voice</h2>
      ${distributions(report)}
      <h2>Yielding and not yielding</h2>
      ${selectivityPlane(report)}
      <h2>A against B</h2>
      ${comparisonTable(report)}
      <h2>By suite</h2>
      ${suiteTable(report)}
      <h2>Cost</h2>
      ${architectures.map(costTable)} ${failureList(report)}
      <h2>Turns, side by side</h2>
      ${turnsBySuite(report, audioUrl)} ${rerunList(report, audioUrl)}
      <h2>Published figures</h2>
      <p>Measured by others, elsewhere, on other data: context, not part of the comparison.</p>
      ${publishedTable(report)}
      <h2>What the figures mean</h2>
      <dl>
        ${Object.entries(report.definitions).map(
          ([name, words]) =>
            html`<dt><b>${name}</b></dt>
              <dd>${words}</dd>`,
        )}
      </dl>
      <h2>Circumstances</h2>
      <pre>${JSON.stringify(report.circumstances, undefined, 1)}</pre>
    </html>`;
  return page.text;
}

function figureTable({ architectures }: Report): Markup {
  const rows = FIGURE_ROWS.map(
    ({ name, words }) => html`<tr><th scope="row">${name}</th>${architectures.map(({ figures }) => html`<td>${words(figures)}</td>`)}</tr>`, // prettier-ignore
  );
  const head = architectures.map(
    ({ label, kind }) => html`<th scope="col">${label}<br /><small>${kind ?? ''}</small></th>`,
  );
  return html`<table>
      <tr>
        <td></td>
        ${head}
      </tr>
      ${rows}
    </table>
    <small>In brackets: 95% intervals.</small>`;
}

function comparisonTable({ comparisons }: Report): Markup {
  if (comparisons.length === 0) return html`<p class="quiet">There is only one.</p>`;
  const rows = comparisons.map(({ measure, a, b, pairs, meanDifference, low, high, p, verdict }) => {
    const difference = `${decimals(meanDifference)} (${decimals(low)} to ${decimals(high)})`;
    return html`<tr><td>${measure}</td><td>${a}</td><td>${b}</td><td>${pairs}</td><td>${difference}</td><td>${p.toFixed(3)}</td><td>${verdict}</td></tr>`; // prettier-ignore
  });
  return html`<table>
    <tr>
      <th>Measure</th>
      <th>A</th>
      <th>B</th>
      <th>Pairs</th>
      <th>B − A</th>
      <th>p</th>
      <th>Verdict</th>
    </tr>
    ${rows}
  </table>`;
}

function suiteTable({ architectures }: Report): Markup {
  const suites = [...new Set(architectures.flatMap(({ bySuite }) => Object.keys(bySuite)))];
  const rows = suites.map((suite) => {
    const cells = architectures.map(({ bySuite }) => {
      const figures = bySuite[suite];
      if (!figures) return html`<td>–</td>`;
      const p50 = figures.voiceToVoiceMs.p50;
      return html`<td>
        ${figures.passed} of ${figures.turns} passed · ${p50 === null ? '–' : `${Math.round(p50)} ms`}
      </td>`;
    });
    return html`<tr>
      <th scope="row">${suite}</th>
      ${cells}
    </tr>`;
  });
  return html`<table>
    <tr>
      <td></td>
      ${architectures.map(({ label }) => html`<th scope="col">${label}</th>`)}
    </tr>
    ${rows}
  </table>`;
}

function costTable({ label, cost }: Report['architectures'][number]): Markup {
  const rows = cost.map(
    (each, i) => html`<tr><td>${i === 0 ? html`<b>${each.label}</b>` : each.label}</td><td>${each.perMinute.toFixed(4)} ${each.currency}</td><td>${each.meter}</td><td>${each.how}</td><td>${each.date}</td><td>${each.source}</td></tr>`, // prettier-ignore
  );
  return html`<h3>A minute of the conversations with ${label}, at the price of</h3><table><tr><th>Service</th><th>Per minute</th><th>Meter</th><th>How</th><th>Date</th><th>Source</th></tr>${rows}</table>`; // prettier-ignore
}

function failureList({ failures }: Report): Markup {
  if (failures.length === 0) return html``;
  const items = failures.map((each) => html`<li>${each.architectureId}, ${each.suite}/${each.scenario} (${each.repetition}): ${each.message}</li>`); // prettier-ignore
  return html`<h2>Not measured</h2>
    <ul>
      ${items}
    </ul>`;
}

function turnsBySuite({ turns }: Report, audioUrl: HtmlReportOptions['audioUrl']): readonly Markup[] {
  return [...Map.groupBy(turns, ({ turnId }) => turnId)].map(([turnId, some]) => {
    const sides = some.map((turn) => turnSide(turn, audioUrl));
    return html`<details id="${turnId}"${some.every(({ passed }) => passed) ? '' : html` open`}><summary><b>${turnId}</b> ${some[0]!.as}: ${userWords(some[0]!)}</summary><div class="sides">${sides}</div></details>`; // prettier-ignore
  });
}

function turnSide(turn: TurnResult, audioUrl: HtmlReportOptions['audioUrl']): Markup {
  const failed = turn.checks.filter(({ passed }) => !passed);
  const verdict = turn.passed ? html`<span class="good">✓ passed</span>` : html`<span class="bad">✗ not passed</span>`;
  const trace = turn.traceId ? html`<p>Trace <code>${turn.traceId}</code></p>` : html``;
  const suspect = turn.suspect ? html`<p>Look first at <b>${turn.suspect.stage}</b>: ${turn.suspect.why}</p>` : html``;
  const calls = turn.toolCalls.map((call) => html`<li>called ${call.name} ${JSON.stringify(call.arguments)}</li>`);
  return html`<article>
    <b>${turn.architectureId}</b> (${turn.repetition}) ${verdict}
    <p>
      User, as understood: ${turn.ownUserText ?? '–'}<br />Agent, in the recording: ${turn.agentWords || '–'}<br /><small
        >by its own account heard: ${turn.ownHeard || '–'}</small
      >
    </p>
    <ul>
      ${failed.map(({ rule, found }) => html`<li class="bad">${rule}; found: ${found}</li>`)}${calls}
    </ul>
    ${suspect}${trace}${waterfall(turn)}
    <audio controls preload="none" src="${audioUrl(turn)}" aria-label="Left the user, right the agent"></audio>
  </article>`;
}

/** What came of turns that were run again with one stage's work replaced: which stage it was. */
function rerunList({ reruns, turns }: Report, audioUrl: HtmlReportOptions['audioUrl']): Markup {
  if (reruns.length === 0) return html``;
  return html`<h2>Turns run again</h2>
    <p>One run again is a hint, no proof.</p>
    ${reruns.map((rerun) => rerunItem(rerun, turns, audioUrl))}`;
}

function rerunItem(rerun: Rerun, turns: Report['turns'], audioUrl: HtmlReportOptions['audioUrl']): Markup {
  const { turnId, architectureId, repetition, replaced, turn, error } = rerun;
  const before = turns.find((each) => isSameTurn(each, rerun));
  const given = replaced.map(({ stage, text }) => html`<li>${stage}: “${text}”</li>`);
  const outcome = turn ? turnSide(turn, audioUrl) : html`<p class="bad">It could not be run: ${error?.message ?? 'no reason is known'}</p>`; // prettier-ignore
  return html`<h3>${turnId}, ${architectureId} (${repetition})</h3>
    <p>${replacedWords(replaced)}, ${rerun.at}. <b>${before ? rerunConclusion(before, rerun) : ''}</b></p>
    <ul>
      ${given}
    </ul>
    ${outcome}`;
}

function publishedTable({ published }: Report): Markup {
  const rows = published.map(({ what, figure, date, source }) => html`<tr><td>${what}</td><td>${figure}</td><td>${date}</td><td>${source}</td></tr>`); // prettier-ignore
  return html`<table>
    <tr>
      <th>What</th>
      <th>Figure</th>
      <th>Date</th>
      <th>Source</th>
    </tr>
    ${rows}
  </table>`;
}

const decimals = (value: number | null): string => (value === null ? '–' : String(Math.round(value * 100) / 100));
