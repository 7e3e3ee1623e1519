// Bytes that are no UTF-8, a line separator that is no line end, and a very long line between two good ones.
process.stdout.write(Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]));
process.stdout.write('{"text":"one\u2028line"}\n');
process.stdout.write(`${'y'.repeat(Number(process.argv[2] ?? 100_000))}\n`);
process.stdout.write('{"after":true}\n');
