// Builds the two pages' bundles and puts them, compressed, where the binary includes them from.
//
// Run by hand when a version in package.json changes: `npm ci && npm run build`. The results are checked in, so that
// a machine without Node builds the binary.
import { build, transform } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';
import { constants, gzipSync } from 'node:zlib';

const results = await build({
  entryPoints: { graphiql: 'graphiql.jsx' },
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2022'],
  outdir: 'out',
  write: false,
  legalComments: 'none', // Gathered in LICENCES.txt beside the bundles.
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'dataurl', '.ttf': 'dataurl', '.svg': 'dataurl' },
  metafile: true,
});

for (const { path, contents } of results.outputFiles) await keep(path.split('/').pop(), contents);

// Redoc comes as a finished script that expects to be a script, so it is put in front instead of bundled. Its footer
// shows a picture from its maker's host, and no page may load anything from another host.
const picture = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini\.svg/g;
const redoc = await readFile('node_modules/redoc/bundles/redoc.standalone.js', 'utf8');
if (!picture.test(redoc)) throw new Error('the picture has moved: look for it before shipping this version');
const empty = 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E';
const start = await transform(await readFile('docs.js', 'utf8'), { minify: true });
const local = redoc.replace(picture, empty).replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '');
await keep('docs.js', Buffer.from(`${local}\n${start.code}`));

async function keep(name, contents) {
  const compressed = gzipSync(contents, { level: constants.Z_BEST_COMPRESSION });
  compressed[9] = 255; // The operating system's mark, so that every machine makes the same bytes.
  await writeFile(new URL(`../bundle/${name}.gz`, import.meta.url), compressed);
  console.log(`${name}: ${contents.length} bytes, ${compressed.length} compressed`);
}

// Every package that went into a bundle, with its licence.
const packages = new Set(['redoc']);
for (const input of Object.keys(results.metafile.inputs)) {
  const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input);
  if (match) packages.add(match[1]);
}
const lines = [];
for (const name of [...packages].sort()) {
  const { version, license } = JSON.parse(await readFile(`node_modules/${name}/package.json`, 'utf8'));
  lines.push(`${name} ${version}: ${license ?? 'see the package'}`);
}
const own = await readFile('node_modules/redoc/bundles/redoc.standalone.js.LICENSE.txt', 'utf8');
const text = `What the bundles in this folder are made of. Written by ../build/build.mjs.

${lines.join('\n')}

Inside redoc's own bundle, in its makers' words:

${own}`;
await writeFile(new URL('../bundle/LICENCES.txt', import.meta.url), text);
