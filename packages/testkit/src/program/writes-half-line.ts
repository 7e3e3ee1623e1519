// Writes a line in three pieces, cut inside a character, then a last line without an end.
const bytes = Buffer.from('{"text":"né é 🙂"}\n', 'utf8');
const cuts = [0, 11, 18, bytes.length];
for (let index = 0; index + 1 < cuts.length; index += 1) {
  process.stdout.write(bytes.subarray(cuts[index], cuts[index + 1]));
  await new Promise((resolve) => setImmediate(resolve));
}
process.stdout.write('{"text":"half');
