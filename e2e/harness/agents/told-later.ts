import { parseScenario } from '@baton/rehearsal';

/** For agents whose protocol has no place for a note: they hear it when they have heard the denial. */
export const TOLD_LATER = parseScenario(`
title: A denial, and then why
turns:
  - when: use printf to stdout
    steps: [{ say: "I was told: {{prompt}}" }]
  - steps:
      - call: { tool: run, input: { command: "printf 'hello\\\\n' > note.txt", description: Write a note } }
      - expect:
          error: false
          otherwise: [{ say: "It was not run." }]
      - say: The note is written.
`);
