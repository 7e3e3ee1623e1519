const WORDS =
  'the session window of a parser reads one line after another and keeps what it cannot understand for later while the agent works on its next step because a test failed with an error about the socket that was closed before the server had answered every request from the browser so we write a file and run it again'.split(
    ' ',
  );

/** Says so many words; the same from run to run. Every hundredth is a name of its own, as in real talk. */
export function createTalk(): (words: number) => string {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return (words) =>
    Array.from({ length: words }, () => {
      const draw = next() >>> 8;
      return draw % 100 === 0 ? `name${draw % 50_000}` : (WORDS[draw % WORDS.length] ?? 'the');
    }).join(' ');
}
