import type { StageSpan, TurnResult } from '../../contract/evaluation-turn.ts';
import { html, type Markup } from './html.ts';
import type { Report } from '../../contract/evaluation-report.ts';

const COLOURS = ['#2563eb', '#c2410c', '#15803d', '#7e22ce', '#be123c', '#0e7490'];
const STAGE_COLOURS: Readonly<Record<StageSpan['stage'], string>> = {
  listen: '#2563eb',
  'turn-taking': '#64748b',
  think: '#c2410c',
  tool: '#a16207',
  speak: '#15803d',
  audio: '#7e22ce',
  app: '#475569',
};
const SCALE_MS = 3000;
/** A label, and the marks below it. */
const ROW_HEIGHT = 52;

/** Where the time of one turn went. */
export function waterfall({ stages, voiceToVoiceMs }: Pick<TurnResult, 'stages' | 'voiceToVoiceMs'>): Markup {
  if (stages.length === 0) return html`<span class="quiet">no marks</span>`;
  const end = Math.max(SCALE_MS, ...stages.map(({ toMs }) => toMs));
  const at = (ms: number): number => Math.round((Math.max(0, ms) / end) * 600);
  const bars = stages.map(({ stage, mark, fromMs, toMs }) => {
    const words = `${stage}, until ${mark}: ${Math.round(toMs - fromMs)} ms`;
    return html`<rect x="${at(fromMs)}" y="2" width="${Math.max(1, at(toMs) - at(fromMs))}" height="14" fill="${STAGE_COLOURS[stage]}"><title>${words}</title></rect>`; // prettier-ignore
  });
  const named = stages
    .map(({ stage, mark, fromMs, toMs }) => `${stage} (${mark}) ${Math.round(toMs - fromMs)}`)
    .join(' · ');
  const heard = voiceToVoiceMs === null ? '' : `heard after ${Math.round(voiceToVoiceMs)} ms`;
  return html`<svg viewBox="0 0 600 18" role="img" aria-label="${named}, ${heard}">${bars}</svg
    ><small>${named}</small>`;
}

/** Each architecture's voice to voice: every turn a mark, on one scale. */
export function distributions({ architectures, turns }: Report): Markup {
  const values = turns.flatMap(({ voiceToVoiceMs }) => (voiceToVoiceMs === null ? [] : [voiceToVoiceMs]));
  const end = Math.max(1000, ...values);
  const at = (ms: number): number => 30 + Math.round((Math.max(0, ms) / end) * 760);
  const rows = architectures.map(({ id, label, figures }, row) => {
    const y = 38 + row * ROW_HEIGHT;
    const marks = turns
      .filter((turn) => turn.architectureId === id && turn.voiceToVoiceMs !== null)
      .map(({ voiceToVoiceMs }) => html`<line x1="${at(voiceToVoiceMs!)}" x2="${at(voiceToVoiceMs!)}" y1="${y - 9}" y2="${y + 9}" stroke="${COLOURS[row % COLOURS.length]!}" stroke-opacity="0.5"/>`); // prettier-ignore
    const { p50, p95 } = figures.voiceToVoiceMs;
    const middle = p50 === null ? [] : [html`<circle cx="${at(p50)}" cy="${y}" r="5" fill="${COLOURS[row % COLOURS.length]!}"><title>p50 ${Math.round(p50)} ms, p95 ${Math.round(p95!)} ms</title></circle>`]; // prettier-ignore
    return html`<text x="0" y="${y - 16}">${label}</text>${marks}${middle}`;
  });
  const height = ROW_HEIGHT * architectures.length + 30;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) => html`<text x="${at(share * end)}" y="${height - 4}" text-anchor="middle" class="quiet">${Math.round(share * end)} ms</text>`, // prettier-ignore
  );
  return html`<svg
    viewBox="0 0 820 ${height}"
    role="img"
    aria-label="Voice to voice of every turn; the figures are in the table above"
  >
    ${rows}${ticks}
  </svg>`;
}

/** Fast yielders ignore few backchannels and the other way round: both on one plane. */
export function selectivityPlane({ architectures }: Report): Markup {
  const points = architectures.flatMap(({ label, figures: { yieldRate, selectivity } }, i) => {
    if (!yieldRate || !selectivity) return [];
    const [x, y] = [40 + yieldRate.value * 320, 340 - selectivity.value * 320];
    // Towards the middle, and each on a line of its own: several architectures may share a corner.
    const isRight = x > 200;
    return [
      html`<circle cx="${x}" cy="${y}" r="7" fill="${COLOURS[i % COLOURS.length]!}" /><text
          x="${isRight ? x - 12 : x + 12}"
          y="${y > 200 ? y - 10 - i * 18 : y + 20 + i * 18}"
          text-anchor="${isRight ? 'end' : 'start'}"
          >${label}</text
        >`,
    ];
  });
  if (points.length === 0) return html`<p class="quiet">No interruptions and backchannels were said into answers.</p>`;
  return html`<svg
    class="plane"
    viewBox="0 0 380 380"
    role="img"
    aria-label="Yield rate against selectivity; the figures are in the table above"
  >
    <rect x="40" y="20" width="320" height="320" fill="none" stroke="currentColor" />
    ${points}
    <text x="200" y="370" text-anchor="middle">yield rate 0 → 1</text>
    <text x="16" y="180" text-anchor="middle" transform="rotate(-90 16 180)">selectivity 0 → 1</text>
  </svg>`;
}
