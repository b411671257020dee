// The page of `alongside report`, in Chromium, for each audience: axe-core finds nothing, light and dark, at two widths and on
// paper; nothing is asked of any host, nothing runs in it, and it does not scroll sideways.
// Arguments: folder with AUDIENCE.html, folder for screenshots (optional).
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const [folder, screenshots] = process.argv.slice(2);
const axe = readFileSync(resolve(import.meta.dirname, 'node_modules/axe-core/axe.min.js'), 'utf8');
const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
const problems = [];
const expect = (holds, what) => { if (!holds) problems.push(what); };

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
const asked = [];
page.on('request', (request) => asked.push(request.url()));
page.on('console', (message) => { if (message.type() === 'error') problems.push(`on the console: ${message.text()}`); });

/** What axe-core finds, and what it does not look for. */
async function look(name, how) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  for (const { id, nodes } of violations) expect(false, `axe-core: ${id}, ${name}, ${how}: ${nodes.map((node) => node.target).join(' ')}`);
  const found = await page.evaluate(() => ({
    wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    scripts: document.querySelectorAll('script').length,
    charts: document.querySelectorAll('svg[role=img]').length,
    unnamed: [...document.querySelectorAll('svg')].filter((svg) => !svg.querySelector('title')?.textContent).length,
    bare: [...document.querySelectorAll('section.part')].filter((part) => !part.querySelector('table caption')).length,
    // Words in a chart that leave it or lie on one another.
    crowded: [...document.querySelectorAll('svg')].flatMap((svg) => {
      const edge = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent.trim(), text.getBoundingClientRect()]);
      const out = texts.filter(([, box]) => box.width > 0 && (box.left < edge.left - 1 || box.right > edge.right + 1));
      const over = texts.filter(([, box], index) => texts.some(([, other], at) => at > index && box.left < other.right - 1 && other.left < box.right - 1 && box.top < other.bottom - 3 && other.top < box.bottom - 3));
      return [...out, ...over].map(([text]) => text);
    }),
  }));
  expect(!found.wider, `it scrolls sideways, ${name}, ${how}`);
  expect(found.scripts === 0 && found.unnamed === 0 && found.bare === 0 && found.charts >= 2, `${JSON.stringify(found)}, ${name}, ${how}`);
  expect(found.crowded.length === 0, `words of a chart are crowded: ${found.crowded.join('; ')}, ${name}, ${how}`);
}

for (const file of pages) {
  const name = file.replace('.html', '');
  const url = pathToFileURL(resolve(folder, file)).href;
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    for (const theme of ['light', 'dark']) {
      await page.setViewport({ width, height, deviceScaleFactor: width < 600 ? 2 : 1 });
      await page.emulateMediaType('screen');
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await page.goto(url);
      await look(name, `${width} px, ${theme}`);
      if (screenshots) await page.screenshot({ path: join(screenshots, `report-${name}-${width}-${theme}.png`), fullPage: true });
    }
  }
  await page.setViewport({ width: 794, height: 1123 });
  await page.emulateMediaType('print');
  await look(name, 'on paper');
  if (screenshots) await page.pdf({ path: join(screenshots, `report-${name}.pdf`), format: 'A4' });
}
expect(asked.every((url) => url.startsWith('file:') && pages.some((file) => url === pathToFileURL(resolve(folder, file)).href)), `it asked for ${asked.join(' ')}`);
expect(pages.length === 3, `${pages.length} pages`);
await browser.close();

for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? `${pages.length} reports: all as they should be` : `the reports: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
