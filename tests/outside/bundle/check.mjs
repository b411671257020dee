// The page that checks audit bundles, in Chromium: every mutant is rejected, the untouched accepted, nothing is asked of any host,
// and axe-core finds nothing. Arguments: folder of mutants (written by the mutation test), folder for screenshots (optional).
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [mutants, screenshots] = process.argv.slice(2);
const page_path = resolve(import.meta.dirname, '../../../verifiers/verify-bundle.html');
const axe = readFileSync(resolve(import.meta.dirname, 'node_modules/axe-core/axe.min.js'), 'utf8');
const keys = readFileSync(join(mutants, 'keys.txt'), 'utf8');
const checkpoint = readFileSync(join(mutants, 'checkpoint.txt'), 'utf8');
const kinds = readFileSync(join(mutants, 'kinds.txt'), 'utf8').trimEnd().split('\n');
const problems = [];
const expect = (holds, what) => { if (!holds) problems.push(what); };

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'], protocolTimeout: 3_600_000 });
const page = await browser.newPage();
const asked = [];
page.on('request', (request) => asked.push(request.url()));
page.on('pageerror', (error) => problems.push(`error on the page: ${error}`));
page.on('console', (message) => { if (message.type() === 'error') problems.push(`on the console: ${message.text()}`); });

/** Fills the form as somebody would, and returns the verdict. */
async function ask(file, given) {
  await page.goto(pathToFileURL(page_path).href);
  await (await page.$('#bundle')).uploadFile(join(mutants, file));
  if (given) {
    await page.$eval('#keys', (field, text) => { field.value = text; }, keys);
    await page.$eval('#checkpoint', (field, text) => { field.value = text; }, checkpoint);
  }
  await page.click('#check');
  await page.waitForSelector('#result:not([hidden])');
  return page.$eval('#verdict', (verdict) => verdict.textContent);
}

/** What axe-core finds, and a picture. */
async function look(name) {
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    for (const theme of ['light', 'dark']) {
      await page.setViewport({ width, height });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      for (const { id, nodes } of violations) expect(false, `axe-core: ${id} at ${width} px, ${theme}, ${name}: ${nodes.map((node) => node.target).join(' ')}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      expect(!wider, `it scrolls sideways at ${width} px, ${name}`);
      if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${width}-${theme}.png`), fullPage: true });
    }
  }
}

await page.goto(pathToFileURL(page_path).href);
await look('empty');
expect((await ask('untouched.bundle', false)) === 'Intact, origin unproven', 'the untouched bundle, nothing given');
await look('unproven');
expect((await ask('untouched.bundle', true)) === 'Intact, signed by the key given, continues the checkpoint given', 'the untouched bundle, all given');
await look('intact');
expect((await ask('mutants.bin', true)) === 'NOT intact', 'no bundle at all');
await look('not-intact');

/** Feeds every `step`th mutant to the page's own function; returns how many were rejected, and which were not. */
async function feed(step, webCrypto) {
  return page.evaluate(async ({ keys, checkpoint, step, webCrypto: wanted }) => {
    webCrypto = wanted; // The page's own variable.
    const file = document.getElementById('bundle').files[0];
    const all = keys.trim().split('\n');
    let rejected = 0;
    const accepted = [];
    for (let at = 0, index = 0; at < file.size; index += 1) {
      const length = new DataView(await file.slice(at, at + 4).arrayBuffer()).getUint32(0);
      if (index % step === 0) {
        try { await verifyBundle(file.slice(at + 4, at + 4 + length), all, checkpoint); accepted.push(index); } catch (error) {
          if (error instanceof NotIntact) rejected += 1; else accepted.push(`${index}: ${error}`);
        }
      }
      at += 4 + length;
    }
    return { rejected, accepted };
  }, { keys, checkpoint, step, webCrypto });
}
for (const [step, webCrypto, how] of [[1, true, 'with the browser’s Ed25519'], [Math.max(1, Math.floor(kinds.length / 300)), false, 'with the page’s own Ed25519']]) {
  const { rejected, accepted } = await feed(step, webCrypto);
  const wanted = Math.ceil(kinds.length / step);
  console.log(`${rejected} of ${wanted} mutants rejected ${how}`);
  expect(rejected === wanted && accepted.length === 0, `not rejected ${how}: ${accepted.map((index) => kinds[index] ?? index).join('; ')}`);
}
const byHand = await page.evaluate(async ({ text, keys, checkpoint }) => {
  webCrypto = false;
  const { keyGiven, continues } = await verifyBundle(new Blob([text]), keys.trim().split('\n'), checkpoint);
  return { keyGiven, continues };
}, { text: readFileSync(join(mutants, 'untouched.bundle'), 'utf8'), keys, checkpoint });
expect(byHand.keyGiven && byHand.continues > 0, 'the untouched bundle, with the page’s own Ed25519');
expect(asked.every((url) => url === pathToFileURL(page_path).href || url.startsWith('data:')), `it asked for ${asked.join(' ')}`);
await browser.close();

for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? 'the page: all as it should be' : `the page: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
