// Loaded by OpenCode, not by Baton: marks what a session's shell commands start, so that all of it can be ended with the session.
export const BatonSessionMark = async () => ({
  'shell.env': async (input, output) => {
    if (input.sessionID !== undefined) output.env.BATON_RUN = `opencode-${input.sessionID}`;
  },
});
