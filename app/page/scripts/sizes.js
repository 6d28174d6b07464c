// What a browser loads, gzipped; ends with 1 where it is over the limit.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 50_000;
const files = readdirSync('static', { recursive: true }).map(String).filter((name) => /\.(js|css)$/.test(name)).sort();
const sizes = files.map((name) => gzipSync(readFileSync(`static/${name}`), { level: 9 }).length);
files.forEach((name, index) => console.log(String(sizes[index]).padStart(7), name));
const total = sizes.reduce((sum, size) => sum + size, 0);
console.log(String(total).padStart(7), `bytes of scripts and styles gzipped; the limit is ${LIMIT}`);
process.exitCode = total < LIMIT ? 0 : 1;
