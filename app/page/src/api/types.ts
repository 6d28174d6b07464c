/** The shapes of the service, by the names that the page uses. */
import type { components } from './openapi.js';

type Schemas = components['schemas'];

export type Question = Schemas['QueryIn'];
export type QueryEvent = Schemas['QueryEvent'];
export type Answer = Schemas['AnswerOut'];
export type Citation = Schemas['CitationOut'];
export type Sentence = Schemas['SentenceOut'];
export type Said = Schemas['SaidOut'];
export type Section = Schemas['SectionOut'];
export type Hit = Schemas['HitOut'];
export type Stage = Schemas['StageOut'];
export type Notice = Schemas['NoticeOut'];
export type Refusal = Schemas['RefusalOut'];
export type Problem = Schemas['Problem'];
export type Search = Schemas['SearchOut'];
export type WhyNot = Schemas['WhyNotOut'];
export type Feedback = Schemas['FeedbackIn'];
export type IndexStatus = Schemas['IndexOut'];
export type Ingest = Schemas['IngestOut'];
export type Generation = Schemas['GenerationOut'];
export type SavedAnswer = Schemas['SavedOut'];
export type Gaps = Schemas['GapsOut'];
export type Resolved = Schemas['ResolvedOut'];
export type Changes = Schemas['IndexChangesOut'];
export type DocsChanges = Schemas['DocsChangesOut'];
export type Gap = Schemas['GapOut'];
export type Evaluation = Schemas['EvaluationOut'];
export type PastTurn = Schemas['TurnIn'];

export type Collection = Schemas['CollectionOut'];
export type Collections = Schemas['CollectionsOut'];
/** A page of a generation, and of a collection where there are several. */
export type Page = Pick<Citation, 'generation' | 'path' | 'collection'>;

/** What the page needs to begin. */
export type Overview = Schemas['OverviewOut'];
