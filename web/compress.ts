/** Puts Brotli and gzip twins beside the built scripts and styles, so that no server packs them while people wait. */
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const FOLDER = join(import.meta.dirname, "dist", "browser");
const PACKABLE = /\.(?:js|css)$/u;

const packBrotli = promisify(brotliCompress);
const packGzip = promisify(gzip);

const names = await readdir(FOLDER);
await Promise.all(names.filter((name) => PACKABLE.test(name)).map(pack));

async function pack(name: string): Promise<void> {
  const path = join(FOLDER, name);
  const content = await readFile(path);
  const [brotli, zipped] = await Promise.all([
    packBrotli(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    packGzip(content, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, zipped)]);
}
