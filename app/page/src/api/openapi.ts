export interface paths {
    "/a/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Answer
         * @description A saved answer, each citation checked against the docs of today; as HTML for a browser.
         */
        get: operations["show_answer_a__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Save Answer
         * @description Save an answer as `POST /query` gave it; whoever has its address can see it, and whether it still holds.
         *
         *     One from several collections is not saved.
         */
        post: operations["save_answer_answers_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Collections
         * @description The collections that can be asked, with what there is of each.
         */
        get: operations["collections_collections_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/evaluation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Evaluation
         * @description What the last `footnote eval` on this index measured.
         */
        get: operations["evaluation_evaluation_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give Feedback
         * @description Say whether an answer helped; those that did not are shown by `footnote gaps`.
         *
         *     Where answers are kept (FOOTNOTE_KEEP_ANSWERS), it is kept beside the answer with this question and text. Of an
         *     answer from several collections it is kept by the one that is cited first, and without a citation by each.
         */
        post: operations["give_feedback_feedback_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files/{generation}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page Bytes
         * @description The bytes of a page as they were ingested into a generation; `ETag` is their sha256.
         */
        get: operations["page_bytes_files__generation___path__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Gaps
         * @description What was asked and the docs did not answer, grouped by meaning; as issues with `Accept: text/markdown`.
         */
        get: operations["list_gaps_gaps_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gaps/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Dismiss Gap
         * @description Leave a gap out until one of its questions is asked again.
         */
        post: operations["dismiss_gap_gaps_dismiss_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gaps/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve Gap
         * @description Ask the questions of a gap again, and leave out those that the docs answer by now.
         */
        post: operations["resolve_gap_gaps_resolve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Generations
         * @description The complete indexes that are there, oldest first.
         */
        get: operations["generations_generations_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live
         * @description 200 while the process runs.
         */
        get: operations["live_health_live_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description 200 once models and index are loaded, 503 with the reason before; a replica stays ready without its source.
         *
         *     Of several collections one is enough: another one may just have been added.
         */
        get: operations["ready_health_ready_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Index
         * @description What is being served: generation, counts, models, settings (keys masked).
         */
        get: operations["index_index_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/index/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes
         * @description What the live generation changed, and what changed in the docs folder since.
         */
        get: operations["changes_index_changes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start Ingest
         * @description Start an ingest of the service's docs folder in a process of its own; the index in use stays meanwhile.
         */
        post: operations["start_ingest_ingest_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Ingest
         * @description How far an ingest is, and what it did or why it failed.
         */
        get: operations["show_ingest_ingest__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Overview
         * @description What can be asked, of which folders and tags, and what else this service does.
         *
         *     Of several collections together.
         */
        get: operations["overview_overview_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Query
         * @description Answer a question from the docs, with citations.
         *
         *     With `Accept: text/event-stream` the answer comes as it is written: each sentence once it is complete and checked,
         *     and at the end all of it, as it is without.
         */
        post: operations["query_query_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back
         * @description Make another generation live, the one before unless one is named; the service takes it up by itself.
         */
        post: operations["roll_back_rollback_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search
         * @description The passages an answer would be written from, with the rank and score of each stage.
         */
        get: operations["search_search_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/search/why-not": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why Not
         * @description Where a page or a section was lost on its way to the answer, and what would keep it.
         */
        get: operations["why_not_search_why_not_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Completions
         * @description Answer the last question of a conversation from the docs, in the shapes of OpenAI's API.
         *
         *     The answer is that of `POST /query`: `[n]` in the content, each of them an annotation, and all of it in `footnote`.
         *     With `stream` it comes as chunks, each sentence once it is complete and checked.
         */
        post: operations["chat_completions_v1_chat_completions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Models
         * @description The one model there is.
         */
        get: operations["models_v1_models_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Model
         * @description The one model there is, if that is asked for.
         */
        get: operations["model_v1_models__model__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify
         * @description Check that the docs folder, as it is now, still holds what a saved answer cites.
         *
         *     A citation is looked for in the collection that it names, else in the one of the request.
         */
        post: operations["verify_verify_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/view/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page View
         * @description A page as it was ingested, as HTML that needs no script: its markdown rendered, and its raw lines.
         */
        get: operations["page_view_view__path__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** AnnotationOut */
        AnnotationOut: {
            /**
             * Type
             * @default url_citation
             * @constant
             */
            type: "url_citation";
            url_citation: components["schemas"]["UrlCitationOut"];
        };
        /**
         * AnswerOut
         * @description An answer, or with `refused` the statement that the docs do not say.
         */
        AnswerOut: {
            /**
             * Answer
             * @description The answer with [n] markers, as markdown that renders to no HTML and no image; the quotes are verbatim in `sentences` and `citations`.
             */
            answer: string;
            /**
             * Answerability
             * @description The probability that the docs answer the question, by what was retrieved; null where the models are not the bundled ones.
             */
            answerability: number | null;
            /**
             * Arm
             * @description Which of two language models the question is for (FOOTNOTE_LLM_SPLIT); null where there is one.
             */
            arm?: ("A" | "B") | null;
            /**
             * Asked As
             * @description What a follow-up was read as, which was searched for, answered and checked; null where the question was taken as it is.
             */
            asked_as: string | null;
            /**
             * Check Failed
             * @description Why the verdicts are those of the rules although a language model was asked for a second opinion (FOOTNOTE_CHECK); null when nothing failed.
             */
            check_failed: string | null;
            /** Citations */
            citations: components["schemas"]["CitationOut"][];
            /**
             * Collections
             * @description Those that were asked, with their generations; left out where there is only one.
             * @default []
             */
            collections: components["schemas"]["AskedCollectionOut"][];
            /**
             * Dropped
             * @description Sentences that were left out: no passage supports them.
             */
            dropped: components["schemas"]["SentenceOut"][];
            /**
             * Generation
             * @description That was asked; 0 where several collections were, see `collections`.
             */
            generation: number;
            /**
             * Mode
             * @description `extractive` (verbatim quotes) or `llm`.
             */
            mode: string;
            /** Model */
            model: string;
            /**
             * Nearest
             * @description Of a refusal: the sections that came nearest, best first.
             */
            nearest: components["schemas"]["SectionOut"][];
            /**
             * Notice
             * @description What became of the language model, where it did not write the whole answer: why there are quotes in its place (FOOTNOTE_LLM_FALLBACK), or why it broke off; null when nothing failed.
             */
            notice: string | null;
            /**
             * Premises
             * @description What is wrong with the question; the answer, or the reason of a refusal, says it first.
             */
            premises: components["schemas"]["PremiseOut"][];
            /** Question */
            question: string;
            /** Refusal Reason */
            refusal_reason: string | null;
            /** Refused */
            refused: boolean;
            /**
             * Refused By
             * @description Which stage refused.
             */
            refused_by: ("filter" | "gate" | "model" | "check") | null;
            /**
             * Rewrite Failed
             * @description Why the question was searched alone although a language model was asked for queries beside it (FOOTNOTE_QUERY_REWRITE); null when nothing failed.
             */
            rewrite_failed: string | null;
            searched: components["schemas"]["SearchedOut"];
            /** Sentences */
            sentences: components["schemas"]["SentenceOut"][];
            timings_ms: components["schemas"]["TimingsOut"];
            tokens: components["schemas"]["TokensOut"] | null;
            /**
             * Truncated
             * @description The answer ends early, by the limit on tokens (FOOTNOTE_LLM_MAX_TOKENS) or as `notice` says.
             */
            truncated: boolean;
            /**
             * Unknown Markers
             * @description Markers of the model that named no source; they were removed.
             */
            unknown_markers: number;
        };
        /**
         * AskedCollectionOut
         * @description A collection that was asked together with others.
         */
        AskedCollectionOut: {
            /** Generation */
            generation: number;
            /** Name */
            name: string;
        };
        /** AskedQuestionOut */
        AskedQuestionOut: {
            /** Count */
            count: number;
            /** Last Asked */
            last_asked: string;
            /** Question */
            question: string;
        };
        /**
         * ChatErrorBody
         * @description An error in OpenAI's shape.
         */
        ChatErrorBody: {
            error: components["schemas"]["ChatErrorOut"];
        };
        /** ChatErrorOut */
        ChatErrorOut: {
            /**
             * Code
             * @description The last part of the problem's type, such as `over_capacity`.
             */
            code: string;
            /** Message */
            message: string;
            /**
             * Param
             * @description The field that is wrong, where it is one.
             */
            param: string | null;
            /**
             * Type
             * @enum {string}
             */
            type: "invalid_request_error" | "server_error";
        };
        /**
         * ChatIn
         * @description A conversation whose last question is asked; fields that are not listed here are ignored.
         * @example {
         *       "messages": [
         *         {
         *           "content": "How do I ingest again?",
         *           "role": "user"
         *         }
         *       ],
         *       "model": "footnote"
         *     }
         */
        ChatIn: {
            /**
             * Collection
             * @description Footnote's own: as of `POST /query`.
             */
            collection?: string | string[] | null;
            /** @description Footnote's own: as of `POST /query`. */
            filters?: components["schemas"]["FiltersIn"] | null;
            /**
             * Messages
             * @description The last one of a user is the question, those before it are the conversation.
             */
            messages: components["schemas"]["MessageIn"][];
            /**
             * Model
             * @description `footnote`.
             * @default footnote
             */
            model: string;
            /**
             * N
             * @description One answer is all there is.
             */
            n?: number | null;
            response_format?: components["schemas"]["FormatIn"] | null;
            /** Stream */
            stream?: boolean | null;
            stream_options?: components["schemas"]["StreamOptionsIn"] | null;
            /**
             * Tool Choice
             * @description `none` or `auto`: no tool is called.
             */
            tool_choice?: string | {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
        };
        /**
         * CheckedCitationOut
         * @description What became of a citation.
         */
        CheckedCitationOut: {
            /**
             * Diff
             * @description If `changed`: from the quote to what stands there now, as a unified diff.
             */
            diff: string | null;
            /** End Line */
            end_line: number;
            /** @description Where the quote stands now, or what replaced it if `changed`. */
            now: components["schemas"]["footnote__app__schemas__verification__PlaceOut"] | null;
            /** Number */
            number: number | null;
            /**
             * Path
             * @description As cited, as are the lines.
             */
            path: string;
            /**
             * Reason
             * @description Why it is `gone` or `invalid`, or what changed where no line did.
             */
            reason: string | null;
            /** Start Line */
            start_line: number;
            /**
             * Verdict
             * @description `valid`: the same bytes at the same lines; `moved`: the same bytes elsewhere; `changed`: edited; `gone`: nothing like it is left; `invalid`: the citation itself was altered.
             * @enum {string}
             */
            verdict: "valid" | "moved" | "changed" | "gone" | "invalid";
        };
        /** ChoiceOut */
        ChoiceOut: {
            /**
             * Finish Reason
             * @enum {string}
             */
            finish_reason: "stop" | "length";
            /**
             * Index
             * @default 0
             * @constant
             */
            index: 0;
            /** Logprobs */
            logprobs?: null;
            message: components["schemas"]["MessageOut"];
        };
        /** ChunkOut */
        ChunkOut: {
            /** End */
            end: number;
            /** End Line */
            end_line: number;
            /** Heading Path */
            heading_path: string[];
            /** Id */
            id: string;
            /** Metadata */
            metadata: {
                [key: string]: unknown;
            };
            /** Path */
            path: string;
            /** Sha256 */
            sha256: string;
            /** Start */
            start: number;
            /** Start Line */
            start_line: number;
            /** Text */
            text: string;
            /** Title */
            title: string;
        };
        /**
         * CitationEvent
         * @description A source, before the first sentence that cites it.
         */
        CitationEvent: {
            data: components["schemas"]["CitationOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "citation";
        };
        /** CitationOut */
        CitationOut: {
            /**
             * Also At
             * @description Where the same words stand as well, as far as they were found.
             */
            also_at: components["schemas"]["OtherPlaceOut"][];
            /**
             * Collection
             * @description The collection whose page it is; left out where there is only one.
             */
            collection?: string | null;
            /**
             * End
             * @description The byte after the last.
             */
            end: number;
            /**
             * End Line
             * @description Last line, inclusive.
             */
            end_line: number;
            /**
             * Generation
             * @description The index generation that was asked.
             */
            generation: number;
            /**
             * Heading Path
             * @description Headings above the quote, outermost first.
             */
            heading_path: string[];
            /**
             * Included By
             * @description Of a file that is no page: the pages that show a part of it; title and headings are of the first.
             * @default []
             */
            included_by: string[];
            /**
             * Number
             * @description The n of the answer's [n].
             */
            number: number;
            /**
             * Path
             * @description The file, relative to the docs folder.
             */
            path: string;
            /**
             * Quote
             * @description Exactly the file's bytes [start:end], as UTF-8.
             */
            quote: string;
            /**
             * Sha256
             * @description Of those bytes.
             */
            sha256: string;
            /**
             * Source
             * @description The document that the file was imported from; else empty.
             * @default
             */
            source: string;
            /**
             * Source Place
             * @description Where it stands there, as far as is known: `page 12`, `slide 3`.
             * @default
             */
            source_place: string;
            /**
             * Start
             * @description First byte of the quote in the file, from 0.
             */
            start: number;
            /**
             * Start Line
             * @description First line, from 1.
             */
            start_line: number;
            /**
             * Table Header
             * @description Of a quoted table row: the header row of its table; else empty.
             */
            table_header: string;
            /** Title */
            title: string;
            /**
             * Url
             * @description Where to read it, made of FOOTNOTE_LINK_TEMPLATE; null without one.
             */
            url: string | null;
        };
        /**
         * CitedIn
         * @description A citation of the answer, as it was; other fields are ignored.
         */
        CitedIn: {
            /** Collection */
            collection?: string | null;
            /**
             * Heading Path
             * @default []
             */
            heading_path: string[];
            /** Path */
            path: string;
        };
        /** CollectionOut */
        CollectionOut: {
            /**
             * Documents
             * @description Pages that you may read.
             */
            documents: number;
            /**
             * Generation
             * @description That is served; null while there is none.
             */
            generation: number | null;
            /**
             * Languages
             * @description Pages by language, the most first.
             */
            languages: {
                [key: string]: number;
            };
            /**
             * Name
             * @description As `collection` of a request takes it.
             */
            name: string;
            /**
             * Problem
             * @description Why it cannot; told to those who have the scope `admin` there.
             */
            problem?: string | null;
            /**
             * Ready
             * @description Whether it can answer now.
             */
            ready: boolean;
            /**
             * Title
             * @description For readers; empty where there is only one.
             */
            title: string;
        };
        /**
         * CollectionsOut
         * @description Those in which the caller may do anything, in the order of footnote.toml.
         */
        CollectionsOut: {
            /** Collections */
            collections: components["schemas"]["CollectionOut"][];
            /**
             * Problem
             * @description Why what footnote.toml says now is not served; for those who have the scope `admin` everywhere.
             */
            problem?: string | null;
        };
        /**
         * CommitOut
         * @description Which commit of a repository the docs are as.
         */
        CommitOut: {
            /**
             * Branch
             * @description Null where that is not known.
             */
            branch: string | null;
            /** Commit */
            commit: string;
            /**
             * Source
             * @description The Git address that they were fetched from; null for those of a folder.
             */
            source: string | null;
            /**
             * Uncommitted
             * @description How many pages are not as the commit has them.
             */
            uncommitted: number;
        };
        /** CompletionChunkChoiceOut */
        CompletionChunkChoiceOut: {
            delta: components["schemas"]["DeltaOut"];
            /**
             * Finish Reason
             * @default null
             */
            finish_reason: ("stop" | "length") | null;
            /**
             * Index
             * @default 0
             * @constant
             */
            index: 0;
        };
        /**
         * CompletionChunkOut
         * @description A part of an answer; unset fields are not sent.
         */
        CompletionChunkOut: {
            /** Choices */
            choices: components["schemas"]["CompletionChunkChoiceOut"][];
            /**
             * Created
             * @description Seconds since 1970.
             */
            created: number;
            /**
             * @description For Open WebUI alone, in place of annotations.
             * @default null
             */
            event: components["schemas"]["SourceEventOut"] | null;
            /**
             * @description With the last part of the content.
             * @default null
             */
            footnote: components["schemas"]["AnswerOut"] | null;
            /** Id */
            id: string;
            /** Model */
            model: string;
            /**
             * Object
             * @default chat.completion.chunk
             * @constant
             */
            object: "chat.completion.chunk";
            /**
             * System Fingerprint
             * @description The generation of the index: `footnote-g3`.
             * @default null
             */
            system_fingerprint: string | null;
            /** @default null */
            usage: components["schemas"]["UsageOut"] | null;
        };
        /**
         * CompletionOut
         * @description An answer as OpenAI's clients read it.
         */
        CompletionOut: {
            /** Choices */
            choices: components["schemas"]["ChoiceOut"][];
            /**
             * Created
             * @description Seconds since 1970.
             */
            created: number;
            /** @description What `POST /query` returns: quotes, hashes, whether it is refused. Null for a helper prompt. */
            footnote?: components["schemas"]["AnswerOut"] | null;
            /** Id */
            id: string;
            /** Model */
            model: string;
            /**
             * Object
             * @default chat.completion
             * @constant
             */
            object: "chat.completion";
            /**
             * System Fingerprint
             * @description The generation of the index: `footnote-g3`.
             */
            system_fingerprint?: string | null;
            usage: components["schemas"]["UsageOut"];
        };
        /** DeltaOut */
        DeltaOut: {
            /**
             * Annotations
             * @default null
             */
            annotations: components["schemas"]["AnnotationOut"][] | null;
            /**
             * Content
             * @default null
             */
            content: string | null;
            /**
             * Role
             * @default null
             */
            role: "assistant" | null;
        };
        /**
         * DismissedOut
         * @description `footnote gaps --dismiss --json` and `POST /gaps/dismiss`.
         */
        DismissedOut: {
            /**
             * Dismissed
             * @description Askings and words on answers that are left out from now on.
             */
            dismissed: number;
            /**
             * Question
             * @description The most central one of the gap.
             */
            question: string;
            /**
             * Questions
             * @description How many different questions it had.
             */
            questions: number;
        };
        /**
         * DocsChangesOut
         * @description What the next ingest would find in the docs folder.
         */
        DocsChangesOut: {
            /** Added */
            added: string[];
            /** Changed */
            changed: string[];
            /** Deleted */
            deleted: string[];
        };
        /**
         * DoneEvent
         * @description The end: what the plain request returns.
         */
        DoneEvent: {
            data: components["schemas"]["AnswerOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "done";
        };
        /**
         * ErrorEvent
         * @description The end of a stream that failed on the way: what came before is not to be used.
         */
        ErrorEvent: {
            data: components["schemas"]["Problem"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "error";
        };
        /** EstimateOut */
        EstimateOut: {
            /**
             * About
             * @description What it is of, in words; empty for the ranking metrics.
             */
            about: string;
            /** High */
            high: number;
            /**
             * Low
             * @description The lower end of the 95 % interval.
             */
            low: number;
            /**
             * Metric
             * @description Such as `reranked/passage/hit@4`.
             */
            metric: string;
            /**
             * Questions
             * @description On how many questions it rests.
             */
            questions: number;
            /** Value */
            value: number;
        };
        /**
         * EvaluationOut
         * @description What was measured, and on what.
         */
        EvaluationOut: {
            /** Created At */
            created_at: string;
            /** Generation */
            generation: number;
            /** Latencies Ms */
            latencies_ms: components["schemas"]["LatencyOut"][];
            /** Metrics */
            metrics: components["schemas"]["EstimateOut"][];
            /** Missed */
            missed: number;
            /**
             * Misses
             * @description The first of them.
             */
            misses: components["schemas"]["MissOut"][];
            /**
             * Mode
             * @description What answered: `extractive` or a model; or `retrieval alone`.
             */
            mode: string;
            /** Summary */
            summary: string;
        };
        /**
         * FeedbackIn
         * @description Whether an answer helped.
         * @example {
         *       "helpful": false,
         *       "question": "How do I ingest again?"
         *     }
         */
        FeedbackIn: {
            /**
             * Answer
             * @description The answer, for those who read the gaps.
             */
            answer?: string | null;
            /**
             * Citations
             * @description Those of the answer; path and headings are kept.
             * @default []
             */
            citations: components["schemas"]["CitedIn"][];
            /**
             * Collection
             * @description The one that was asked; without it that of the first citation, or each.
             */
            collection?: string | null;
            /**
             * Comment
             * @description What the reader says of it.
             */
            comment?: string | null;
            /** Helpful */
            helpful: boolean;
            /**
             * Question
             * @description The question that was answered.
             */
            question: string;
        };
        /**
         * FiltersIn
         * @description Conditions that must all hold; they narrow both searches before anything is ranked.
         */
        FiltersIn: {
            /**
             * Fields
             * @description Front-matter fields and their values.
             * @default {}
             * @example {
             *       "team": "docs"
             *     }
             */
            fields: {
                [key: string]: string;
            };
            /**
             * Path
             * @description A file, a folder or a glob.
             * @example guides/
             */
            path?: string | null;
            /**
             * Tags
             * @description Tags the file must have.
             * @default []
             * @example [
             *       "install"
             *     ]
             */
            tags: string[];
        };
        /** FingerprintOut */
        FingerprintOut: {
            /** Name */
            name: string;
            /** Sha256 */
            sha256: string;
        };
        /** FolderOut */
        FolderOut: {
            /** Files */
            files: number;
            /**
             * Path
             * @description With a slash at its end, as a filter takes it.
             */
            path: string;
        };
        /** PlaceOut */
        footnote__app__schemas__verification__PlaceOut: {
            /** End */
            end: number;
            /** End Line */
            end_line: number;
            /** Path */
            path: string;
            /** Start */
            start: number;
            /** Start Line */
            start_line: number;
        };
        /** PlaceOut */
        footnote__app__schemas__why_not__PlaceOut: {
            /** End Line */
            end_line: number;
            /** Heading Path */
            heading_path: string[];
            /** Path */
            path: string;
            /** Start Line */
            start_line: number;
        };
        /** FormatIn */
        FormatIn: {
            /**
             * Type
             * @description `text`: an answer has no other format.
             */
            type: string;
        };
        /**
         * GapIn
         * @description One gap, by any of its questions.
         */
        GapIn: {
            /**
             * Question
             * @description One of its questions, or its number among all gaps.
             */
            question: string;
        };
        /**
         * GapOut
         * @description Questions of about the same meaning that the docs do not answer.
         */
        GapOut: {
            /**
             * Count
             * @description How often they were asked: `refused` and `unhelpful`.
             */
            count: number;
            /**
             * Examples
             * @description Others of them, up to three, the most asked first.
             */
            examples: components["schemas"]["AskedQuestionOut"][];
            /**
             * Helpful
             * @description Answers to the same questions that helped.
             */
            helpful: number;
            /**
             * Last Asked
             * @description ISO 8601, in UTC.
             */
            last_asked: string;
            /**
             * Nearest
             * @description Up to three headings that they come nearest to.
             */
            nearest: components["schemas"]["HeadingOut"][];
            /**
             * Question
             * @description The most central one, as it was asked.
             */
            question: string;
            /**
             * Questions
             * @description How many different questions there are.
             */
            questions: number;
            /** Refused */
            refused: number;
            /**
             * Remarks
             * @description Up to three, the newest first.
             */
            remarks: components["schemas"]["RemarkOut"][];
            /** Unhelpful */
            unhelpful: number;
        };
        /**
         * GapsOut
         * @description `footnote gaps --json` and `GET /gaps`.
         */
        GapsOut: {
            /**
             * Answered Now
             * @description Questions left out because they are answered now; null without --ask.
             */
            answered_now: number | null;
            /**
             * Count
             * @description Askings in all gaps, shown or not.
             */
            count: number;
            /**
             * Gaps
             * @description The most asked first.
             */
            gaps: components["schemas"]["GapOut"][];
            /**
             * Not Judged
             * @description Questions that --ask did not ask: an answer did not help, or a language model refused.
             */
            not_judged: number | null;
            /**
             * Not Shown
             * @description Gaps beyond --top.
             */
            not_shown: number;
            /**
             * Questions
             * @description Different questions in them.
             */
            questions: number;
        };
        /**
         * GenerationOut
         * @description A complete index that is there: `footnote rollback --to` makes it live.
         */
        GenerationOut: {
            /** Chunks */
            chunks: number;
            /** Created At */
            created_at: string;
            /** Docs Dir */
            docs_dir: string;
            /** Files */
            files: number;
            /** Generation */
            generation: number;
            /** Live */
            live: boolean;
        };
        /** HeadingOut */
        HeadingOut: {
            /**
             * Heading Path
             * @description Outermost first; empty for the page as a whole.
             */
            heading_path: string[];
            /** Path */
            path: string;
        };
        /** HitOut */
        HitOut: {
            chunk: components["schemas"]["ChunkOut"];
            /**
             * Collection
             * @description The collection whose page it is; left out where there is only one.
             */
            collection?: string | null;
            /** @description Both searches together, 0 to 1. */
            fused: components["schemas"]["StageScoreOut"];
            /** @description BM25. */
            lexical: components["schemas"]["StageScoreOut"] | null;
            /** @description The cross-encoder's logit, and the rank in the final order, where the fused score counts too. */
            reranked: components["schemas"]["StageScoreOut"] | null;
            /** @description Cosine similarity. */
            vector: components["schemas"]["StageScoreOut"] | null;
        };
        /**
         * IndexChangesOut
         * @description `GET /index/changes`.
         */
        IndexChangesOut: {
            /**
             * Before
             * @description The generation that it is compared with; null where there is none.
             */
            before: number | null;
            /** @description What differs from the generation before. */
            changes: components["schemas"]["DocsChangesOut"] | null;
            /** @description What the next ingest would find; null where unknown. */
            docs_changes: components["schemas"]["DocsChangesOut"] | null;
            /**
             * Docs Problem
             * @description Why that is not known, or why the next ingest would stop.
             */
            docs_problem: string | null;
            /** Generation */
            generation: number;
        };
        /**
         * IndexOut
         * @description What is being served: `footnote status --json` and `GET /index`.
         */
        IndexOut: {
            /** Chunks */
            chunks: number;
            /** Created At */
            created_at: string;
            /** Docs Dir */
            docs_dir: string;
            /** Files */
            files: number;
            /**
             * Flavour
             * @description The kind of site that the pages were read as, such as `mkdocs`.
             */
            flavour: string;
            /** Generation */
            generation: number;
            /** @description Null where the docs are in no Git repository. */
            git?: components["schemas"]["CommitOut"] | null;
            /**
             * Included
             * @description How many of them are no pages, but there for what pages show of them.
             * @default 0
             */
            included: number;
            /**
             * Languages
             * @description How many files are in each language, by its code, the most first; `unknown` is one too.
             */
            languages: {
                [key: string]: number;
            };
            /** Llm */
            llm: string;
            /**
             * Models
             * @description `embedder` (which built the index), `reranker`.
             */
            models: {
                [key: string]: components["schemas"]["FingerprintOut"] | null;
            };
            /** @description Of `llm`; only `footnote status` asks its server. */
            outlook: components["schemas"]["OutlookOut"];
            /** @description Of an index that follows a source; null for all others. */
            replica?: components["schemas"]["ReplicaOut"] | null;
            /** Settings */
            settings: {
                [key: string]: unknown;
            };
            /**
             * Skipped
             * @description What was left out, and what was read with a loss.
             */
            skipped: components["schemas"]["SkipOut"][];
            /** Tool Version */
            tool_version: string;
        };
        /**
         * IngestIn
         * @description How to ingest; the docs folder is the one of the service's settings.
         */
        IngestIn: {
            /**
             * Allow Deletes
             * @description Also where more than ten files and a tenth of all would go.
             * @default false
             */
            allow_deletes: boolean;
            /**
             * Checksum
             * @description Compare files by hash, not by size and times.
             * @default false
             */
            checksum: boolean;
            /**
             * Rebuild
             * @description Build from nothing, as `footnote ingest --rebuild`.
             * @default false
             */
            rebuild: boolean;
            /**
             * Replace
             * @description Also where the index was built from another docs folder.
             * @default false
             */
            replace: boolean;
        };
        /**
         * IngestOut
         * @description An ingest that the service started, and how far it is.
         */
        IngestOut: {
            /**
             * Done
             * @description Of the stage: files read, chunks embedded or written.
             */
            done: number;
            /** Id */
            id: string;
            /** @description When failed: why. */
            problem: components["schemas"]["Problem"] | null;
            /**
             * Report
             * @description When done: what `footnote ingest --json` prints.
             */
            report: {
                [key: string]: unknown;
            } | null;
            /**
             * Stage
             * @description `read`, `embed` or `write`, of a repository `fetch` and `checkout` before; null at first.
             */
            stage: string | null;
            /**
             * Started At
             * @description ISO 8601, in UTC.
             */
            started_at: string;
            /**
             * State
             * @enum {string}
             */
            state: "running" | "done" | "failed";
            /** Total */
            total: number;
        };
        JsonValue: unknown;
        /**
         * LagOut
         * @description How far a replica is behind what it follows, as far as it knows since the last contact.
         */
        LagOut: {
            /**
             * Behind S
             * @description For how long it has been known that another one is live there; else 0.
             */
            behind_s: number;
            /**
             * Contact S
             * @description Seconds since the source last answered; null before it did.
             */
            contact_s: number | null;
            /**
             * Generation
             * @description What was taken up last; null before the first one.
             */
            generation: number | null;
            /**
             * Publishings Behind
             * @description How many times another generation was made live there since; null where that is not known.
             */
            publishings_behind: number | null;
            /**
             * Source Generation
             * @description What is live at the source; null before the first contact.
             */
            source_generation: number | null;
        };
        /** LatencyOut */
        LatencyOut: {
            /** P50 */
            p50: number;
            /** P95 */
            p95: number;
            /** Stage */
            stage: string;
        };
        /**
         * MessageIn
         * @description A message; other fields are ignored.
         */
        MessageIn: {
            /** Content */
            content?: string | components["schemas"]["PartIn"][] | null;
            /**
             * Role
             * @description Only what users and assistants said is read.
             * @enum {string}
             */
            role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
        };
        /** MessageOut */
        MessageOut: {
            /** Annotations */
            annotations: components["schemas"]["AnnotationOut"][];
            /** Content */
            content: string;
            /** Refusal */
            refusal?: null;
            /**
             * Role
             * @default assistant
             * @constant
             */
            role: "assistant";
        };
        /** MissingWordOut */
        MissingWordOut: {
            /**
             * Passages
             * @description How many passages of the docs hold it.
             */
            passages: number;
            /** Text */
            text: string;
        };
        /** MissOut */
        MissOut: {
            /**
             * Expected
             * @description Pages that the labels name.
             */
            expected: string[];
            /** Question */
            question: string;
            /** Why */
            why: string;
        };
        /** ModelOut */
        ModelOut: {
            /**
             * Created
             * @description Not known: 0.
             * @default 0
             */
            created: number;
            /** Id */
            id: string;
            /**
             * Object
             * @default model
             * @constant
             */
            object: "model";
            /**
             * Owned By
             * @default footnote
             */
            owned_by: string;
        };
        /** ModelsOut */
        ModelsOut: {
            /** Data */
            data: components["schemas"]["ModelOut"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object: "list";
        };
        /** NamedSourceOut */
        NamedSourceOut: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Url */
            url: string;
        };
        /** NoticeEvent */
        NoticeEvent: {
            data: components["schemas"]["NoticeOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "notice";
        };
        /**
         * NoticeOut
         * @description What a reader should know of the answer beside its text.
         */
        NoticeOut: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "asked as" | "premise" | "dropped" | "unknown markers" | "truncated" | "check failed" | "model failed";
            /**
             * Reason
             * @description Of `dropped`, why.
             * @default
             */
            reason: string;
            /**
             * Text
             * @description Of `dropped`, the sentence that was left out.
             */
            text: string;
        };
        /** OtherPlaceOut */
        OtherPlaceOut: {
            /**
             * Collection
             * @description The collection whose page it is; left out where there is only one.
             */
            collection?: string | null;
            /** End Line */
            end_line: number;
            /** Path */
            path: string;
            /** Start Line */
            start_line: number;
        };
        /**
         * OutlookOut
         * @description What writes answers, until when, and what comes then.
         */
        OutlookOut: {
            /**
             * Ends
             * @description The first day without it; null where none is known.
             */
            ends: string | null;
            /**
             * Is Said
             * @description Its server says so; else it is from the list that comes with Footnote.
             */
            is_said: boolean;
            /** Llm */
            llm: string;
            /**
             * Problem
             * @description Why it would not answer; null where nothing is known against it.
             */
            problem: string | null;
            /**
             * Successor
             * @description What its maker names in its place.
             */
            successor: string | null;
        };
        /**
         * OverviewOut
         * @description What can be asked, of what, and what else this service does.
         */
        OverviewOut: {
            /**
             * Can Ingest
             * @description Whether an ingest can be started with a key: an admin key is set, or the service asks for keys.
             */
            can_ingest: boolean;
            /**
             * Can Share
             * @description Whether `POST /answers` saves answers, to be shared.
             */
            can_share: boolean;
            /**
             * Can Sign In
             * @description Whether a key or token may show more: the service asks for one, and you sent none.
             * @default false
             */
            can_sign_in: boolean;
            /**
             * Created At
             * @description When that generation was built: ISO 8601, in UTC.
             */
            created_at: string;
            /** Files */
            files: number;
            /**
             * Folders
             * @description Of the first two levels, those with most files, by path.
             */
            folders: components["schemas"]["FolderOut"][];
            /** Generation */
            generation: number;
            /**
             * Keeps Questions
             * @description Whether `POST /feedback` takes what readers say.
             */
            keeps_questions: boolean;
            /**
             * Questions
             * @description Suggested: FOOTNOTE_SUGGESTED_QUESTIONS, or made of the docs' headings.
             */
            questions: string[];
            /**
             * Tags
             * @description The most used first.
             */
            tags: components["schemas"]["TagOut"][];
        };
        /**
         * PartIn
         * @description A part of a message; other fields are ignored.
         */
        PartIn: {
            /** Text */
            text?: string | null;
            /**
             * Type
             * @description `text`: nothing else can be read.
             */
            type: string;
        };
        /**
         * PremiseOut
         * @description What the question takes for granted and the docs nowhere name, or deny.
         */
        PremiseOut: {
            /**
             * Citations
             * @description Numbers of the citations of the passage that denies it.
             */
            citations: number[];
            /**
             * Kind
             * @description `unnamed`: a name that the docs do not hold; `denied`: a passage says otherwise.
             * @enum {string}
             */
            kind: "unnamed" | "denied";
            /**
             * Like
             * @description The name of the docs that is spelled most like it.
             */
            like: string | null;
            /**
             * Name
             * @description What the docs do not name; empty for `denied`.
             */
            name: string;
            /**
             * Text
             * @description A sentence that says so.
             */
            text: string;
        };
        /**
         * Problem
         * @description RFC 9457 problem details.
         */
        Problem: {
            /** Detail */
            detail: string;
            /**
             * Request Id
             * @description The request over HTTP, as its header and the service's log name it.
             */
            request_id?: string | null;
            /** Status */
            status?: number | null;
            /** Title */
            title: string;
            /**
             * Type
             * @example urn:footnote:problem:bad-question
             */
            type: string;
        };
        /**
         * QueryEvent
         * @description An event of the stream: its name, and its data, which is sent as one line of JSON.
         */
        QueryEvent: components["schemas"]["StageEvent"] | components["schemas"]["SourcesEvent"] | components["schemas"]["CitationEvent"] | components["schemas"]["SentenceEvent"] | components["schemas"]["NoticeEvent"] | components["schemas"]["RefusalEvent"] | components["schemas"]["DoneEvent"] | components["schemas"]["ErrorEvent"];
        /**
         * QueryIn
         * @description One question.
         * @example {
         *       "question": "How do I ingest again?",
         *       "top_k": 4
         *     }
         */
        QueryIn: {
            /**
             * Collection
             * @description The collection to ask, or several that are asked together; without it all that the caller may.
             * @example handbook
             */
            collection?: string | string[] | null;
            filters?: components["schemas"]["FiltersIn"];
            /**
             * History
             * @description The turns before, the oldest first: what the question leaves out is taken from the last 4.
             * @default []
             */
            history: components["schemas"]["TurnIn"][];
            /**
             * Question
             * @description The question, in plain words or keywords.
             */
            question: string;
            /**
             * Top K
             * @description Passages to answer from; the setting without it.
             */
            top_k?: number | null;
        };
        /** RankedPassageOut */
        RankedPassageOut: {
            passage: components["schemas"]["footnote__app__schemas__why_not__PlaceOut"];
            /**
             * Rank
             * @description From 1; null where it comes after all that were looked at.
             */
            rank: number | null;
            /**
             * Score
             * @description BM25, cosine similarity, the fused score, or the reranker's logit; null without a reranker.
             */
            score: number | null;
        };
        /**
         * ReadyOut
         * @description `GET /health/ready`.
         */
        ReadyOut: {
            /**
             * Generation
             * @description That is served; 0 where there are several collections.
             */
            generation: number;
            /** @description Of a service that follows a source; else it is left out. */
            replica?: components["schemas"]["LagOut"] | null;
            /** Status */
            status: string;
        };
        /** RefusalEvent */
        RefusalEvent: {
            data: components["schemas"]["RefusalOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "refusal";
        };
        /**
         * RefusalOut
         * @description That the docs do not say.
         */
        RefusalOut: {
            /**
             * Markdown
             * @description The same as `answer`.
             */
            markdown: string;
            /** Nearest */
            nearest: components["schemas"]["SectionOut"][];
            /** Reason */
            reason: string | null;
            /** Refused By */
            refused_by: ("filter" | "gate" | "model" | "check") | null;
        };
        /**
         * RemarkOut
         * @description What a reader said of an answer that did not help.
         */
        RemarkOut: {
            /** Answer */
            answer: string | null;
            /** Comment */
            comment: string | null;
            /** Question */
            question: string;
        };
        /**
         * ReplicaOut
         * @description The same with what is followed.
         */
        ReplicaOut: {
            /**
             * Behind S
             * @description For how long it has been known that another one is live there; else 0.
             */
            behind_s: number;
            /**
             * Contact S
             * @description Seconds since the source last answered; null before it did.
             */
            contact_s: number | null;
            /**
             * Error
             * @description What went wrong at the last try; null if nothing did.
             */
            error: string | null;
            /**
             * Generation
             * @description What was taken up last; null before the first one.
             */
            generation: number | null;
            /**
             * Publishings Behind
             * @description How many times another generation was made live there since; null where that is not known.
             */
            publishings_behind: number | null;
            /** Source */
            source: string;
            /**
             * Source Generation
             * @description What is live at the source; null before the first contact.
             */
            source_generation: number | null;
        };
        /**
         * ResolvedOut
         * @description `POST /gaps/resolve`.
         */
        ResolvedOut: {
            /**
             * Answered
             * @description Questions that are answered now, and left out from now on.
             */
            answered: string[];
            /**
             * Not Judged
             * @description Questions that asking again cannot judge: an answer did not help, or a language model refused.
             */
            not_judged: string[];
            /**
             * Question
             * @description The most central one of the gap.
             */
            question: string;
            /**
             * Unanswered
             * @description Questions that still are not.
             */
            unanswered: string[];
        };
        /**
         * RollbackIn
         * @description Which generation to make live.
         */
        RollbackIn: {
            /**
             * To
             * @description Any that is there; without it the one before the live one.
             */
            to?: number | null;
        };
        /** RollbackOut */
        RollbackOut: {
            /**
             * Generation
             * @description The one that is live now.
             */
            generation: number;
            /** Was */
            was: number;
        };
        /**
         * SaidOut
         * @description A sentence of the answer, checked; it does not change any more.
         */
        SaidOut: {
            /**
             * Citations
             * @description Numbers of the citations that support it.
             */
            citations: number[];
            /**
             * Markdown
             * @description What the answer has of it, with markers, white space and headings before it: those of all sentences put together are `answer`.
             */
            markdown: string;
            /**
             * Reason
             * @description Why it is not `supported`; empty if it is.
             */
            reason: string;
            /**
             * Text
             * @description Without markers; in an extractive answer, a verbatim quote.
             */
            text: string;
            /**
             * Verdict
             * @description Whether the cited passages say it.
             */
            verdict: ("supported" | "unverified" | "unsupported" | "not checkable") | null;
        };
        /**
         * SavedCitation
         * @description A citation as it was saved; fields that a check does not need are ignored.
         */
        SavedCitation: {
            /**
             * Collection
             * @description Of an answer from several collections: the one whose page it is.
             */
            collection?: string | null;
            /** End */
            end: number;
            /** End Line */
            end_line: number;
            /**
             * Included By
             * @description Of a file that is no page: what shows it.
             * @default []
             */
            included_by: string[];
            /**
             * Number
             * @description The n of the answer's [n].
             */
            number?: number | null;
            /** Path */
            path: string;
            /** Quote */
            quote: string;
            /** Sha256 */
            sha256: string;
            /** Start */
            start: number;
            /** Start Line */
            start_line: number;
        };
        /**
         * SavedOut
         * @description `POST /answers`.
         */
        SavedOut: {
            /** Id */
            id: string;
            /**
             * Kept Until
             * @description When it is deleted.
             */
            kept_until: string;
            /**
             * Path
             * @description Where it is found: `/a/` and the id.
             * @example /a/5f0c…
             */
            path: string;
            /**
             * Saved At
             * @description ISO 8601, in UTC.
             */
            saved_at: string;
        };
        /** SearchedOut */
        SearchedOut: {
            /**
             * Files
             * @description That passed the filter, all without one.
             */
            files: number;
            /**
             * Passages
             * @description That the reranker read.
             */
            passages: number;
            /**
             * Queries
             * @description What a language model wrote and was searched beside the question (FOOTNOTE_QUERY_REWRITE).
             */
            queries: string[];
            /** Total Files */
            total_files: number;
        };
        /** SearchOut */
        SearchOut: {
            /**
             * Collections
             * @description Those that were asked, with their generations; left out where there is only one.
             * @default []
             */
            collections: components["schemas"]["AskedCollectionOut"][];
            /**
             * Generation
             * @description That was asked; 0 where several collections were, see `collections`.
             */
            generation: number;
            /**
             * Hits
             * @description Best first.
             */
            hits: components["schemas"]["HitOut"][];
            /**
             * Queries
             * @description What a language model wrote and was searched beside the question (FOOTNOTE_QUERY_REWRITE).
             */
            queries: string[];
            /** Question */
            question: string;
            /**
             * Rewrite Failed
             * @description Why the question was searched alone although a language model was asked; null if nothing failed.
             */
            rewrite_failed: string | null;
        };
        /** SectionOut */
        SectionOut: {
            /**
             * Collection
             * @description The collection whose page it is; left out where there is only one.
             */
            collection?: string | null;
            /** End Line */
            end_line: number;
            /** Heading Path */
            heading_path: string[];
            /** Path */
            path: string;
            /** Start Line */
            start_line: number;
            /** Title */
            title: string;
            /**
             * Url
             * @description As of a citation.
             */
            url: string | null;
        };
        /** SentenceEvent */
        SentenceEvent: {
            data: components["schemas"]["SaidOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "sentence";
        };
        /** SentenceOut */
        SentenceOut: {
            /**
             * Citations
             * @description Numbers of the citations that support it.
             */
            citations: number[];
            /**
             * Reason
             * @description Why it is not `supported`; empty if it is.
             */
            reason: string;
            /**
             * Text
             * @description Without markers; in an extractive answer, a verbatim quote.
             */
            text: string;
            /**
             * Verdict
             * @description Whether the cited passages say it.
             */
            verdict: ("supported" | "unverified" | "unsupported" | "not checkable") | null;
        };
        /**
         * SharedAnswerOut
         * @description `GET /a/{id}`.
         */
        SharedAnswerOut: {
            /**
             * Answer
             * @description As `POST /query` gave it, without `timings_ms`.
             */
            answer: {
                [key: string]: unknown;
            };
            /**
             * Holds
             * @description Whether every citation is valid; null where that could not be checked.
             */
            holds: boolean | null;
            /** Id */
            id: string;
            /**
             * Kept Until
             * @description When it is deleted.
             */
            kept_until: string;
            /**
             * Problem
             * @description Why it could not be checked.
             */
            problem: string | null;
            /**
             * Saved At
             * @description ISO 8601, in UTC.
             */
            saved_at: string;
            /** @description As of `POST /verify`, against the docs of today. */
            verification: components["schemas"]["VerificationOut"] | null;
        };
        /**
         * SkipOut
         * @description A page or folder that was left out, or what was lost in reading.
         */
        SkipOut: {
            /** Detail */
            detail: string;
            /**
             * Lost
             * @description What was not read: a `folder`, a `page`, the `patterns` of an ignore file, only `front matter`, or an `include`: what a page shows of another file.
             * @enum {string}
             */
            lost: "folder" | "patterns" | "page" | "front matter" | "include";
            /** Path */
            path: string;
            /** Reason */
            reason: string;
        };
        /**
         * SourceEventOut
         * @description A citation as Open WebUI shows it.
         */
        SourceEventOut: {
            data: components["schemas"]["SourceOut"];
            /**
             * Type
             * @default source
             * @constant
             */
            type: "source";
        };
        /** SourceMetadataOut */
        SourceMetadataOut: {
            /** Lines */
            lines: string;
            /** Name */
            name: string;
            /** Path */
            path: string;
            /** Sha256 */
            sha256: string;
            /**
             * Source
             * @description Unique for each citation: what has the same is shown as one source.
             */
            source: string;
        };
        /** SourceOut */
        SourceOut: {
            /**
             * Document
             * @description The exact quote.
             */
            document: string[];
            /** Metadata */
            metadata: components["schemas"]["SourceMetadataOut"][];
            source: components["schemas"]["NamedSourceOut"];
        };
        /** SourcesEvent */
        SourcesEvent: {
            data: components["schemas"]["SourcesOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "sources";
        };
        /**
         * SourcesOut
         * @description The passages that the answer is written from.
         */
        SourcesOut: {
            /**
             * Hits
             * @description Best first.
             */
            hits: components["schemas"]["HitOut"][];
        };
        /** StageEvent */
        StageEvent: {
            data: components["schemas"]["StageOut"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "stage";
        };
        /**
         * StageOut
         * @description A stage that is done.
         */
        StageOut: {
            /**
             * Count
             * @description How many chunks came out of it; of `answer` and `check`, how many sentences.
             */
            count: number;
            /** Ms */
            ms: number;
            /**
             * Name
             * @enum {string}
             */
            name: "embed" | "lexical" | "vector" | "fuse" | "rerank" | "answer" | "check";
        };
        /** StageScoreOut */
        StageScoreOut: {
            /**
             * Rank
             * @description From 1, best first.
             */
            rank: number;
            /** Score */
            score: number;
        };
        /** StageTraceOut */
        StageTraceOut: {
            /** @description The last passage that was handed on where `best` was not, else the one before `best`. */
            ahead: components["schemas"]["RankedPassageOut"] | null;
            /** @description Its best passage; null where the stage never had one. */
            best: components["schemas"]["RankedPassageOut"] | null;
            /**
             * Kept
             * @description How many passages the stage hands on; null where it only orders them.
             */
            kept: number | null;
            /**
             * Stage
             * @enum {string}
             */
            stage: "lexical" | "vector" | "fused" | "reranked" | "final";
        };
        /** StreamOptionsIn */
        StreamOptionsIn: {
            /**
             * Include Usage
             * @description Whether the tokens come as the last chunk.
             */
            include_usage?: boolean | null;
        };
        /** TagOut */
        TagOut: {
            /** Files */
            files: number;
            /** Tag */
            tag: string;
        };
        /** TimingsOut */
        TimingsOut: {
            /** Answer */
            answer: number;
            /** Check */
            check: number;
            /** Embed */
            embed: number;
            /** Fuse */
            fuse: number;
            /** Lexical */
            lexical: number;
            /** Rerank */
            rerank: number;
            /** Rewrite */
            rewrite: number;
            /** Total */
            total: number;
            /** Vector */
            vector: number;
        };
        /** TokensOut */
        TokensOut: {
            /**
             * Completion
             * @description Written.
             */
            completion: number;
            /**
             * Cost Usd
             * @description What they cost in USD, by the prices that are known; null where one of the models has none.
             */
            cost_usd: number | null;
            /**
             * Prompt
             * @description Read, by all requests to language models together.
             */
            prompt: number;
            /**
             * Reasoning
             * @description The part of `completion` that nobody sees, as the model thought.
             */
            reasoning: number;
        };
        /**
         * TurnIn
         * @description An earlier question of the conversation, and its answer.
         */
        TurnIn: {
            /**
             * Answer
             * @default
             */
            answer: string;
            /** Question */
            question: string;
        };
        /** UrlCitationOut */
        UrlCitationOut: {
            /**
             * End Index
             * @description The character after it.
             */
            end_index: number;
            /**
             * Start Index
             * @description The first character of the `[n]` in the content, from 0.
             */
            start_index: number;
            /** Title */
            title: string;
            /** Url */
            url: string;
        };
        /**
         * UsageOut
         * @description The tokens of language models; zero where none was asked or its server does not count.
         */
        UsageOut: {
            /** Completion Tokens */
            completion_tokens: number;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Total Tokens */
            total_tokens: number;
        };
        /**
         * VerificationOut
         * @description `footnote verify --json` and `POST /verify`.
         */
        VerificationOut: {
            /** All Valid */
            all_valid: boolean;
            /** Citations */
            citations: components["schemas"]["CheckedCitationOut"][];
            /**
             * Counts
             * @description Citations by verdict.
             */
            counts: {
                [key: string]: number;
            };
            /**
             * Docs Dir
             * @description The folder that was searched; empty where it is several, or not told.
             */
            docs_dir: string;
        };
        /**
         * VerifyIn
         * @description The same with a bound, since each citation costs a search.
         */
        VerifyIn: {
            /** Citations */
            citations: components["schemas"]["SavedCitation"][];
        };
        /**
         * WhyNotOut
         * @description What became of a page or section among the passages that an answer is written from.
         */
        WhyNotOut: {
            /**
             * Answerability
             * @description As of an answer.
             */
            answerability: number | null;
            /**
             * Fix
             * @description What would keep it; empty where there is nothing to fix.
             */
            fix: string;
            /** Generation */
            generation: number;
            /**
             * Heading Path
             * @description Of the section; empty for the whole page.
             */
            heading_path: string[];
            /**
             * Lost To
             * @description What kept it from the answer first; null where nothing did.
             */
            lost_to: ("index" | "filter" | "candidates" | "rerank_depth" | "top_k" | "gate") | null;
            /**
             * Missing Words
             * @description The question's words that this passage lacks, rare ones first.
             */
            missing_words: components["schemas"]["MissingWordOut"][];
            /** @description Its best passage, at the last stage that had one. */
            passage: components["schemas"]["footnote__app__schemas__why_not__PlaceOut"] | null;
            /**
             * Passages
             * @description All that the index has.
             */
            passages: number;
            /** Path */
            path: string;
            /**
             * Queries
             * @description What a language model wrote and was searched beside the question.
             */
            queries: string[];
            /** Question */
            question: string;
            /**
             * Rank
             * @description Of its best passage in the final order; null where it did not get so far.
             */
            rank: number | null;
            /** Reason */
            reason: string;
            /**
             * Refusal
             * @description Why the question is refused before anything is written; null if not.
             */
            refusal: string | null;
            /**
             * Rewrite Failed
             * @description Why nothing was, though one was asked.
             */
            rewrite_failed: string | null;
            /**
             * Settings
             * @description Values that were tried and keep it, by variable.
             */
            settings: {
                [key: string]: number;
            };
            /**
             * Stages
             * @description In the order of the query flow; without the filter where that leaves the page out.
             */
            stages: components["schemas"]["StageTraceOut"][];
            /**
             * Suggestions
             * @description What may have been meant, where there is no such page or heading.
             */
            suggestions: string[];
            /**
             * Top K
             * @description How many passages an answer is written from.
             */
            top_k: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    show_answer_a__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As `POST /answers` gave it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedAnswerOut"];
                    "text/html": unknown;
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No answers are saved: FOOTNOTE_SAVED_ANSWERS is off. Or: The key lacks the scope `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No answer is saved under this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The index folder cannot be written. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    save_answer_answers_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: components["schemas"]["JsonValue"];
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No answers are saved: FOOTNOTE_SAVED_ANSWERS is off. Or: The key lacks the scope `ask`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description It is no answer that this service gave. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The index folder cannot be written. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    collections_collections_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionsOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ask` or `search` or `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    evaluation_evaluation_get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Nothing was evaluated on this index yet. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    give_feedback_feedback_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeedbackIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Nothing is kept: FOOTNOTE_KEEP_QUESTIONS and FOOTNOTE_KEEP_ANSWERS are off. Or: The key lacks the scope `feedback`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The question is empty or too long, or the body has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The index folder cannot be written. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    page_bytes_files__generation___path__get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path: {
                generation: number;
                /** @description The page, relative to the docs folder. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                    "text/plain; charset=utf-8": unknown;
                };
            };
            /** @description As the client has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No generation of this number is kept, or it has no such page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No index, or a damaged one. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    list_gaps_gaps_get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
                /** @description Only the last days. */
                days?: number | null;
                /** @description The gap that holds it alone. */
                question?: string | null;
                /** @description Gaps to show. */
                top?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GapsOut"];
                    "text/markdown": unknown;
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `admin`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No gap has this question. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    dismiss_gap_gaps_dismiss_post: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GapIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DismissedOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `admin`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No gap has this question. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    resolve_gap_gaps_resolve_post: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GapIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResolvedOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `admin`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No gap has this question. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    generations_generations_get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GenerationOut"][];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ingest`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    live_health_live_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
        };
    };
    ready_health_ready_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyOut"];
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    index_index_get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    changes_index_changes_get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexChangesOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ingest`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No index, or a damaged one. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    start_ingest_ingest_post: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["IngestIn"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ingest`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description An ingest is running, whoever started it; or the index was built from another docs folder. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The index folder cannot be written. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    show_ingest_ingest__id__get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path: {
                /** @description As `POST /ingest` gave it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ingest`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No ingest of this id is known. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    overview_overview_get: {
        parameters: {
            query?: {
                /** @description The collections to search; without it all that the caller may. */
                collection?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ask` or `search` or `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    query_query_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnswerOut"];
                    "text/event-stream": string;
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ask`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The question or a filter is empty, too long or malformed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The language model failed or cannot be reached. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    roll_back_rollback_post: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RollbackIn"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RollbackOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `ingest`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such generation, or none before the live one. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description An ingest is running. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Nothing has been ingested yet, or the store has not the chunks of that generation. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    search_search_get: {
        parameters: {
            query: {
                /** @description The collections to search; without it all that the caller may. */
                collection?: string[] | null;
                /** @description A file, a folder or a glob. */
                path?: string | null;
                /** @description The question. */
                q: string;
                /** @description Tags the file must have. */
                tag?: string[] | null;
                /** @description Hits to return. */
                top_k?: number;
                /** @description Front-matter fields, `name=value`. */
                where?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `search`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The question or a filter is empty, too long or malformed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The language model failed or cannot be reached. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    why_not_search_why_not_get: {
        parameters: {
            query: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
                /** @description `PATH` or `PATH#HEADING`. */
                page: string;
                /** @description A file, a folder or a glob. */
                path?: string | null;
                /** @description The question. */
                q: string;
                /** @description Tags the file must have. */
                tag?: string[] | null;
                /** @description Passages to answer from; the setting without it. */
                top_k?: number | null;
                /** @description Front-matter fields, `name=value`. */
                where?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhyNotOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `search`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The question or a filter is empty, too long or malformed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The language model failed or cannot be reached. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    chat_completions_v1_chat_completions_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CompletionOut"];
                    "text/event-stream": unknown;
                };
            };
            /** @description The body cannot be read, has another shape, or asks for what no answer could honour. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description The key lacks the scope `ask`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description There is no such model. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description The question or a filter is empty, too long or malformed. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description The language model failed or cannot be reached. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description Still loading, no index, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
        };
    };
    models_v1_models_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelsOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description The key lacks the scope `ask`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
        };
    };
    model_v1_models__model__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description The key lacks the scope `ask`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description There is no such model. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatErrorBody"];
                };
            };
        };
    };
    verify_verify_post: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationOut"];
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description There is no such collection, or not for this caller. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is not sent as `application/json`. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The body is no saved answer, or has over 100 citations. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description Still loading, no index, no docs folder, or over capacity; see `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
    page_view_view__path__get: {
        parameters: {
            query?: {
                /** @description The collection; needed only where the caller may use several. */
                collection?: string | null;
                /** @description Of a long page the first line to show. */
                from?: number | null;
                /** @description The live one without it. */
                generation?: number | null;
                /** @description The lines to mark. */
                lines?: string | null;
            };
            header?: never;
            path: {
                /** @description The page, relative to the docs folder. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description No key is shown that counts, and one is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description The key lacks the scope `read`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No generation of this number is kept, or it has no such page. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description A parameter has another shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description This key or address has asked too often; see `Retry-After`. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         * @default null
                         */
                        request_id: string | null;
                        /**
                         * Status
                         * @default null
                         */
                        status: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
            /** @description No index, or a damaged one. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** Detail */
                        detail: string;
                        /**
                         * Request Id
                         * @description The request over HTTP, as its header and the service's log name it.
                         */
                        request_id?: string | null;
                        /** Status */
                        status?: number | null;
                        /** Title */
                        title: string;
                        /**
                         * Type
                         * @example urn:footnote:problem:bad-question
                         */
                        type: string;
                    };
                };
            };
        };
    };
}
