// Fills in forms in Chromium as people do, and says what it saw after each step:
// `node forms.mjs MODULES CHROMIUM < jobs`, JSON in and out. A job: { url, width, locale, scheme, script, steps, shot };
// a step fills { selector: text }, checks and selects what it names, and presses the button `press`.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [modules, chromiumPath] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require('playwright-core');
const axe = require('axe-core');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] };

const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });

async function look(page, script) {
  const seen = { url: page.url(), title: await page.title(), text: await page.locator('main').innerText() };
  if (!script) return seen;
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  seen.violations = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
  seen.wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // Every link of the error summary leads to a field that says it is wrong.
  seen.broken = await page.evaluate(() => [...document.querySelectorAll('.message a')].map((link) => link.getAttribute('href'))
    .filter((href) => document.querySelector(href) === null));
  return seen;
}

async function step(page, { fill = {}, select = {}, check = [], press }) {
  for (const [selector, text] of Object.entries(fill)) await page.fill(selector, text);
  for (const [selector, index] of Object.entries(select)) await page.selectOption(selector, { index });
  for (const selector of check) await page.check(selector);
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: press, exact: true }).click()]);
}

async function run(job) {
  const script = job.script ?? true;
  const context = await browser.newContext({ locale: job.locale ?? 'ja-JP', colorScheme: job.scheme ?? 'light', javaScriptEnabled: script,
    viewport: { width: job.width ?? 1100, height: 900 } });
  const page = await context.newPage();
  await page.goto(job.url);
  const seen = [await look(page, script)];
  if (job.shot) await page.screenshot({ path: `${job.shot}-0.png`, fullPage: true });
  for (const [i, one] of (job.steps ?? []).entries()) {
    await step(page, one);
    seen.push(await look(page, script));
    if (job.shot) await page.screenshot({ path: `${job.shot}-${i + 1}.png`, fullPage: true });
  }
  await context.close();
  return seen;
}

const answers = [];
for (const job of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await run(job));
await browser.close();
process.stdout.write(JSON.stringify(answers));
