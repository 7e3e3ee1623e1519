import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { AgentReport, Backend, Clock, OpenOptions } from '@baton/core';
import type { Item } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { CodexBackendOptions } from '../index.ts';
import type { OpenSession } from '../../agent/__fixtures__/open-session.ts';
import { type Place, createBackend, createPlace, openCodex } from './open-codex.ts';

// What the built-in scenes do not have.
const SCENARIO = `
title: Codex's own ways
turns:
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; exec sleep 600" } }
  - when: start a server
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; exec sleep 600", yield_time_ms: 300 } }
      - say: It runs.
  - when: much output
    steps:
      - call: { tool: run, input: { command: "seq 1 400000; sleep 0.5; seq 1 400000" } }
      - say: That was much.
  - when: edit it
    steps:
      - call: { tool: edit, input: { path: a.txt, old: one, new: two } }
      - say: Edited.
  - when: go beyond
    steps:
      - call: { tool: run, input: { command: "echo beyond > ../beyond.txt", sandbox_permissions: require_escalated, justification: May I go beyond? } }
      - say: I went beyond.
  - when: reach out
    steps:
      - call: { tool: run, input: { command: "echo beyond > ../beyond.txt" } }
      - say: I did.
  - when: /find fault|base branch 'main'|commit deadbeef|current code changes/
    steps:
      - think: "It divides."
      - say: >-
          {"findings": [{"title": "[P1] Do not divide by zero", "body": "When b is 0 this throws.", "confidence_score": 0.9, "priority": 1,
          "code_location": {"absolute_file_path": "/w/a.ts", "line_range": {"start": 2, "end": 3}}}],
          "overall_correctness": "patch is incorrect", "overall_explanation": "It cannot divide.", "overall_confidence_score": 0.8}
  - when: delegate
    steps: [{ call: { tool: agent, input: { prompt: Please leave something running, description: The delegate } } }]
  - when: send three out
    steps:
      - call:
          - { tool: agent, input: { prompt: Do your part of it, description: The first } }
          - { tool: agent, input: { prompt: Do your part of it, description: The second } }
          - { tool: agent, input: { prompt: Do your part of it, description: The third } }
      - call: { tool: run, input: { command: "sleep 600" } }
      - say: All are back.
  - when: your part of it
    steps: [{ call: { tool: run, input: { command: "echo $$ > $$.pid; exec sleep 600" } } }]
  - when: pass it on
    steps: [{ call: { tool: agent, input: { prompt: Please delegate it again, description: The middle } } }]
  - when: leave a server behind
    steps: [{ call: { tool: agent, input: { prompt: Please start a server, description: The starter } } }, { call: { tool: run, input: { command: "sleep 600" } } }]
  - when: count words
    steps: [{ say: { text: "word ", repeat: 400, pace: 20 } }]
  - steps: [{ say: "I am here. You said {{prompt}}" }]
`;

/** What every test of the real program begins with, and what it leaves behind ended. */
export interface Stage {
  readonly rehearsal: Rehearsal;
  readonly place: Place;
  readonly backend: Backend;
  open(more?: Partial<OpenOptions>, of?: Backend): OpenSession;
  /** Another backend on the same place, as after a restart or with other bounds. */
  another(more?: Partial<CodexBackendOptions>): Backend;
}

export function setStage(): Stage {
  let rehearsal: Rehearsal;
  let place: Place;
  let backends: Backend[];
  const opened: OpenSession[] = [];
  const another = (more: Partial<CodexBackendOptions> = {}) => {
    const backend = createBackend(place, rehearsal, more);
    backends.push(backend);
    return backend;
  };
  let backend: Backend;
  beforeAll(async () => {
    rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'codex' }) });
  });
  afterAll(() => rehearsal.close());
  beforeEach(async () => {
    place = await createPlace();
    backends = [];
    backend = another();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
    await Promise.all(backends.map((each) => each.close?.()));
    await place.remove();
  });
  return {
    get rehearsal() {
      return rehearsal;
    },
    get place() {
      return place;
    },
    get backend() {
      return backend;
    },
    open(more = {}, of = backend) {
      const codex = openCodex(of, place, more);
      opened.push(codex);
      return codex;
    },
    another,
  };
}

export const items = (codex: OpenSession): Item[] => codex.of('item.ended').map(({ item }) => item);
export const tools = (codex: OpenSession) => items(codex).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
export const said = (codex: OpenSession) =>
  items(codex)
    .flatMap((item) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

export async function answer(
  codex: OpenSession,
  option: string,
  more: { note?: string; nth?: number } = {},
): Promise<void> {
  const { approvalId } = await codex.nth('approval.requested', more.nth);
  await codex.session.answerApproval?.({ approvalId, option, note: more.note });
}

export async function waitForFile(codex: OpenSession, file: string): Promise<string> {
  for (;;) {
    const text = await codex.read(file).catch(() => '');
    if (text.trim() !== '') return text.trim();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Living processes whose command line has this text. */
export function findCommands(text: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && existsSync(`/proc/${pid}/cmdline`))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(text) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

/** Real time, which a test can move on. */
export function createTestClock(): Clock & { advance(ms: number): void } {
  let ahead = 0;
  const waiting = new Set<{ at: number; call(): void }>();
  const now = () => Date.now() + ahead;
  function fire(): void {
    for (const entry of [...waiting]) {
      if (entry.at > now()) continue;
      waiting.delete(entry);
      entry.call();
    }
  }
  return {
    now,
    after(ms, call) {
      const entry = { at: now() + ms, call };
      waiting.add(entry);
      const timer = setTimeout(fire, ms);
      timer.unref();
      return () => {
        waiting.delete(entry);
        clearTimeout(timer);
      };
    },
    advance(ms) {
      ahead += ms;
      fire();
    },
  };
}

// All that begins ends once, children before their turn, and nothing comes after the exit.
export function checkLaws(reports: readonly AgentReport[]): void {
  const begun = new Set<string>();
  const ended = new Set<string>();
  for (const report of reports) {
    if (report.type === 'item.started') begun.add(report.itemId);
    if (report.type === 'item.delta') expect(begun).toContain(report.itemId);
    if (report.type === 'item.ended') {
      expect(begun.delete(report.itemId)).toBe(true);
      expect(ended.has(report.itemId)).toBe(false);
      ended.add(report.itemId);
    }
    if (report.type === 'turn.ended') expect([...begun]).toEqual([]);
  }
  expect(reports.filter((report) => report.type === 'agent.exited').length).toBe(1);
  expect(reports.at(-1)?.type).toBe('agent.exited');
}
