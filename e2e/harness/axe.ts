import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const WCAG_AA = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** No fault that axe finds by the rules of WCAG 2.2 AA; `where` names the page in the failure. */
export async function expectNoFaults(page: Page, where: string): Promise<void> {
  await expectNone(new AxeBuilder({ page }).withTags(WCAG_AA), where);
}

/** The same in light and in dark: what the other scheme changes is the colours, so only their rule is asked again. */
export async function expectNoFaultsInBothSchemes(page: Page, where: string): Promise<void> {
  await expectNoFaults(page, where);
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const [scheme, other] = isDark ? (['dark', 'light'] as const) : (['light', 'dark'] as const);
  const readGround = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const ground = await readGround();
  await page.emulateMedia({ colorScheme: other });
  expect(await readGround(), `${where} looks the same in ${other}`).not.toBe(ground);
  await expectNone(new AxeBuilder({ page }).withRules(['color-contrast']), `${where}, ${other}`);
  await page.emulateMedia({ colorScheme: scheme });
}

async function expectNone(axe: AxeBuilder, where: string): Promise<void> {
  const { violations } = await axe.analyze();
  const found = violations.map(
    ({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}
