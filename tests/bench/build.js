// Builds the page into dist/: bundled for production, minified, named by content, and packed by Brotli as well as it can.

import { build } from "esbuild";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const folder = "dist";
rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { page: "page.jsx" },
  outdir: folder,
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  metafile: true,
});
const built = Object.keys(metafile.outputs).map((path) => basename(path));
const named = (ending) => built.find((name) => name.endsWith(ending));
const page = readFileSync("index.html", "utf8")
  .replace("%SCRIPT%", named(".js"))
  .replace("%STYLE%", named(".css"));
writeFileSync(`${folder}/index.html`, page);
for (const name of [...built, "index.html"]) {
  const content = readFileSync(`${folder}/${name}`);
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeFileSync(`${folder}/${name}.br`, packed);
  console.log(`${name}: ${content.length} bytes, ${packed.length} as Brotli`);
}
