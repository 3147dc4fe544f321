// Writes a .br and a .gz version of each built file that becomes smaller, so that the server need not compress.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;

/** The minimum size of a file in bytes. Compressing smaller ones saves nothing noticeable. */
const least = 256;

for (const name of readdirSync(dist, { recursive: true })) {
  if (!/\.(js|css|html|svg|webmanifest)$/.test(name)) {
    continue;
  }
  const path = join(dist, name);
  const content = readFileSync(path);
  if (content.length < least) {
    continue;
  }
  const quality = {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  };
  for (const [ending, small] of [
    [".br", brotliCompressSync(content, quality)],
    [".gz", gzipSync(content, { level: 9 })],
  ]) {
    if (small.length < content.length) {
      writeFileSync(path + ending, small);
    }
  }
}
