import type { Problem } from './types.js';

/** An error that the service, or the way to it, gives; `detail` is for the reader. */
export class ServiceError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** Whether a person, not a failure, ended a request. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** What is said of any error. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ServiceError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { type: 'urn:footnote:problem:page', title: 'This went wrong in the page', status: null, detail };
}

/** What kind of problem it is, in a word. */
export function slugOf(problem: Problem): string {
  return problem.type.split(':').pop() ?? '';
}

/** Whether another key can help. */
export function isKeyWanted(problem: Problem): boolean {
  return problem.status === 401 || slugOf(problem) === 'forbidden';
}

/** Whether the same may work later. */
export function isPassing({ status }: Problem): boolean {
  return status == null || status >= 500;
}

/** What a problem says, as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What a response that is no success says. */
export async function problemOf(response: Response): Promise<Problem> {
  const { status } = response;
  const problem = { type: 'urn:footnote:problem:http', title: `Status ${status}`, status };
  // The service speaks of headers, which readers do not send.
  if (status === 401) return { ...problem, detail: 'The service asks for a key.' };
  try {
    const body = (await response.json()) as Partial<Problem>;
    if (body.type && body.detail) return { title: body.title ?? '', status, type: body.type, detail: body.detail };
  } catch {
    // A proxy in front of the service answers with a page of its own.
  }
  return { ...problem, detail: `the service answered with status ${status}` };
}

/** That nothing answers at this address, or nothing that this page may read. */
export function unreachable(base: URL): Problem {
  return {
    type: 'urn:footnote:problem:unreachable',
    title: 'The service cannot be reached',
    status: null,
    detail:
      `There is no answer from ${base.origin}: it may be restarting` +
      (base.origin === location.origin ? '.' : ', or it does not allow the site of this page.'),
  };
}
