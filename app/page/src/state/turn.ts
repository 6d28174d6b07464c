import type { Answer, Citation, Hit, Notice, Problem, QueryEvent, Refusal, Said, Stage } from '../api/types.js';

/** How far a question is. `broken`: the connection ended before the answer did; `failed`: the service says why. */
export type Progress = 'asking' | 'done' | 'stopped' | 'broken' | 'failed';

/** What a question is narrowed to. */
export interface Filters {
  /** Nothing where there is only one, or where all are asked. */
  readonly collection?: string;
  readonly path: string;
  readonly tags: readonly string[];
}

/** A question, and what is known of its answer so far. */
export interface Turn {
  readonly id: string;
  readonly question: string;
  readonly filters: Filters;
  /** Whether it was asked without a key, of what is open to all, where a key may open more. */
  readonly isOpenOnly?: boolean;
  readonly progress: Progress;
  readonly stages: readonly Stage[];
  readonly hits: readonly Hit[];
  readonly said: readonly Said[];
  readonly citations: readonly Citation[];
  readonly notices: readonly Notice[];
  readonly refusal: Refusal | null;
  readonly answer: Answer | null;
  readonly problem: Problem | null;
}

export function newTurn(question: string, id: string, filters: Filters = { path: '', tags: [] }, isOpenOnly = false): Turn {
  return {
    id,
    question,
    filters,
    isOpenOnly,
    progress: 'asking',
    stages: [],
    hits: [],
    said: [],
    citations: [],
    notices: [],
    refusal: null,
    answer: null,
    problem: null,
  };
}

/** The turn after an event of its stream. */
export function after(turn: Turn, one: QueryEvent): Turn {
  switch (one.event) {
    case 'stage':
      return { ...turn, stages: [...turn.stages, one.data] };
    case 'sources':
      return { ...turn, hits: one.data.hits };
    case 'citation':
      return { ...turn, citations: [...turn.citations, one.data] };
    case 'sentence':
      return { ...turn, said: [...turn.said, one.data] };
    case 'notice':
      return { ...turn, notices: [...turn.notices, one.data] };
    case 'refusal':
      return { ...turn, refusal: one.data };
    case 'done':
      return { ...turn, answer: one.data, progress: 'done' };
    case 'error':
      return { ...failed(turn, one.data), said: [], citations: [] };
    default:
      return turn; // an event of a later version
  }
}

export function failed(turn: Turn, problem: Problem): Turn {
  return { ...turn, problem, progress: 'failed' };
}

/** The turn when its stream ended, however it did. */
export function ended(turn: Turn, stopped: boolean): Turn {
  if (turn.progress !== 'asking') return turn;
  return { ...turn, progress: stopped ? 'stopped' : 'broken' };
}

/** The answer so far, as markdown. */
export function markdownOf(turn: Turn): string {
  return turn.refusal?.markdown ?? turn.said.map((one) => one.markdown).join('');
}

/** What a follow-up question needs of the turns before it, the oldest first. */
export function historyOf(turns: readonly Turn[]): { question: string; answer: string }[] {
  return turns
    .filter((turn) => turn.answer)
    .slice(-HISTORY_TURNS)
    .map((turn) => ({
      question: (turn.answer?.asked_as ?? turn.question).slice(0, HISTORY_CHARS),
      answer: markdownOf(turn).slice(0, HISTORY_CHARS),
    }));
}

const HISTORY_TURNS = 4; // as many as the service reads
const HISTORY_CHARS = 2000;
