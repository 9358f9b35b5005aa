import type { Page } from 'playwright-core';

/** How Chromium is started: /usr/bin/chromium, or what CHROMIUM names. */
export const CHROMIUM = { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] };

/** Writes down what a page complains of. */
export function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // An answer of the API that says no is written down by the browser, too; the page tells of it itself.
    const isAnswer = /^Failed to load resource: .* status of 40[34]/.test(message.text());
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
}

/** Contrast of each text with its background, as WCAG 2 defines it: https://www.w3.org/TR/WCAG22/#contrast-minimum */
export const CONTRASTS = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (node) => { for (let up = node; up; up = up.parentElement) { const color = getComputedStyle(up).backgroundColor; if (rgb(color)[3] > 0) return color; } return 'white'; };
  return [...document.querySelectorAll('body *')]
    .filter((node) => node.offsetParent && [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
    .map((node) => { const [a, b] = [light(rgb(getComputedStyle(node).color)), light(rgb(behind(node)))]; return { text: node.textContent.slice(0, 30), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) }; });
})()`;
