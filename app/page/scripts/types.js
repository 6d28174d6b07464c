// The service's OpenAPI document (standard input) as TypeScript: src/api/openapi.ts, which is never edited.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

const types = astToString(await openapiTS(await text(process.stdin), { alphabetize: true, rootTypes: false }));
const file = process.argv[2] ?? 'src/api/openapi.ts';
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, types);
