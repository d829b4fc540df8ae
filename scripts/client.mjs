// npm run client: writes the types of clients/typescript from docs/openapi.json; --check compares.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { root } from './build-if-stale.mjs';
import { writeOrCheck } from './write-or-check.mjs';

const HEADER = '// Generated from docs/openapi.json by `npm run client`. Do not edit.\n\n';

const types = await openapiTS(pathToFileURL(join(root, 'docs/openapi.json')));
writeOrCheck('npm run client', { 'clients/typescript/src/schema.ts': HEADER + astToString(types) });
