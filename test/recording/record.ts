/**
 * Records `plan`, `push` and `doctor` on a local AWS as they look in a terminal: tmux draws, its screen is taken ten
 * times a second, and each screen that differs is kept in a cast (https://docs.asciinema.org/manual/asciicast/v2/).
 * The last screen of each command becomes a picture, drawn by Chromium. `npm run record -- FOLDER`
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { RunningLocal } from '../cli/command-line';
import { imageTarball } from '../support/image-tarball';
import { screenPage } from './screen-page';

const ROOT = resolve(__dirname, '../..');
const SIZE = { width: 110, height: 34 };
const LONGEST_MS = 180_000;
const DONE = 'slipway-done';

interface Frame {
  readonly seconds: number;
  readonly screen: string;
}

async function record(out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'slipway-recording-'));
  writeFileSync(join(folder, 'image.tar'), imageTarball({ layers: 4, size: 40_000_000, seed: 8 }).toBuffer());
  const local = await RunningLocal.start();
  const session = `slipway-${process.pid}`;
  try {
    start(session, folder, local.env);
    for (const command of ['plan image.tar team-a/app:1.4.2', 'push image.tar team-a/app:1.4.2', 'doctor team-a/app']) {
      const name = command.split(' ', 1)[0] ?? '';
      const frames = await framesOf(session, `slipway ${command}`);
      writeFileSync(join(out, `${name}.cast`), castOf(frames));
      await pictures(out, name, frames);
    }
  } finally {
    tmux('kill-session', '-t', session);
    await local.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tmux(...args: readonly string[]): string {
  return execFileSync('tmux', ['-L', 'slipway-recording', ...args], { encoding: 'utf8' });
}

function start(session: string, folder: string, env: Readonly<Record<string, string>>): void {
  const variables = Object.entries({ ...env, PS1: '$ ', XDG_CACHE_HOME: folder, PATH: process.env.PATH ?? '' });
  const shell = ['env', ...variables.map(([name, value]) => `${name}=${value}`), 'bash', '--norc', '--noprofile'];
  const size = ['-x', String(SIZE.width), '-y', String(SIZE.height)];
  tmux('new-session', '-d', '-s', session, ...size, '-c', folder, ...shell);
  const tsx = join(ROOT, 'node_modules/.bin/tsx');
  tmux('send-keys', '-t', session, `slipway() { '${tsx}' '${join(ROOT, 'bin/slipway.ts')}' "$@"; }`, 'Enter');
}

async function framesOf(session: string, command: string): Promise<Frame[]> {
  tmux('send-keys', '-t', session, `clear; tmux -L slipway-recording clear-history`, 'Enter');
  await pause(500);
  tmux('send-keys', '-t', session, `${command}; tmux -L slipway-recording wait-for -S ${DONE}`, 'Enter');
  const began = Date.now();
  let isDone = false;
  const done = promised(['wait-for', DONE]).then(() => {
    isDone = true;
  });
  const frames: Frame[] = [];
  while (Date.now() - began < LONGEST_MS) {
    const last = isDone;
    const screen = tmux('capture-pane', '-e', '-p', '-t', session).replace(
      /; tmux -L slipway-recording wait-for.*/,
      '',
    );
    if (screen !== frames.at(-1)?.screen) frames.push({ seconds: (Date.now() - began) / 1000, screen });
    if (last) break;
    await pause(100);
  }
  await done;
  return frames;
}

function promised(args: readonly string[]): Promise<void> {
  return new Promise((resolvePromise) => {
    execFile('tmux', ['-L', 'slipway-recording', ...args], () => resolvePromise());
  });
}

function castOf(frames: readonly Frame[]): string {
  const clear = '\u001b[H\u001b[2J';
  const lines = frames.map(({ seconds, screen }) => [seconds, 'o', `${clear}${screen.replaceAll('\n', '\r\n')}`]);
  return `${[{ version: 2, ...SIZE }, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** The screen with the most bars, where there are any, and the last one. */
async function pictures(out: string, name: string, frames: readonly Frame[]): Promise<void> {
  const bars = (screen: string) => screen.split(/ [=-]{24} /).length;
  const busiest = [...frames].sort((one, other) => bars(other.screen) - bars(one.screen))[0];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage();
    const shots = [
      [name, frames.at(-1)],
      ...(busiest && bars(busiest.screen) > 1 ? [[`${name}-during`, busiest]] : []),
    ];
    for (const [file, frame] of shots as [string, Frame | undefined][]) {
      await page.setContent(screenPage(frame?.screen ?? ''));
      await page.locator('pre').screenshot({ path: join(out, `${file}.png`) });
    }
  } finally {
    await browser.close();
  }
}

const [out = join(ROOT, 'dist/recording')] = process.argv.slice(2);
record(resolve(out)).then(
  () => process.stdout.write(`recorded in ${out}\n`),
  (error) => {
    process.exitCode = 1;
    process.stderr.write(`${error.stack}\n`);
  },
);
