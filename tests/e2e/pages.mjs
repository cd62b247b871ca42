// Opens pages in Chromium as people do, and says what it saw: `node pages.mjs MODULES CHROMIUM < jobs`, JSON in and out.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [modules, chromiumPath] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require('playwright-core');
const axe = require('axe-core');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] };

const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });

/** What axe-core finds wrong on the page as it is shown now. */
async function violations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).slice(0, 3).join(' | ')}`);
}

/** One job: { url, locale, width, scheme, media, script, click, agent, axe }. */
async function open(job) {
  const context = await browser.newContext({
    locale: job.locale ?? 'ja-JP', colorScheme: job.scheme ?? 'light', javaScriptEnabled: job.script ?? true,
    ...(job.agent && { userAgent: job.agent }), viewport: { width: job.width ?? 1100, height: 900 },
  });
  const page = await context.newPage();
  const complaints = [], foreign = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => new URL(request.url()).origin !== new URL(job.url).origin && foreign.push(request.url()));
  const answer = await page.goto(job.url);
  if (job.media) await page.emulateMedia({ media: job.media, colorScheme: job.scheme ?? 'light' });
  if (job.click) await Promise.all([page.waitForLoadState(), page.getByRole('link', { name: job.click, exact: true }).click()]);
  if (job.click) await page.waitForURL((url) => url.toString() !== job.url);
  const seen = { status: answer.status(), url: page.url(), title: await page.title(), text: await page.locator('body').innerText() };
  if (job.script ?? true) {
    if (job.axe) seen.violations = await violations(page);
    seen.lang = await page.evaluate(() => document.documentElement.lang);
    seen.wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    seen.background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    seen.hidden = await page.evaluate(() => [...document.querySelectorAll('.buttons, .languages, .skip')]
      .every((element) => element.offsetParent === null && getComputedStyle(element).display === 'none'));
    await page.keyboard.press('Tab');
    seen.first = await page.evaluate(() => document.activeElement.className);
    seen.scrollers = await page.evaluate(() => [...document.querySelectorAll('.scroll')].every((element) => element.tabIndex === 0
      && element.getAttribute('role') === 'region' && (element.getAttribute('aria-label') || element.getAttribute('aria-labelledby'))));
  }
  if (job.shot) await page.screenshot({ path: job.shot, fullPage: true });
  await context.close();
  return { ...seen, complaints, foreign };
}

const answers = [];
for (const job of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await open(job));
await browser.close();
process.stdout.write(JSON.stringify(answers));
