// Complains on stderr and ends with code 7.
process.stderr.write('first complaint\nsecond complaint\n');
process.exitCode = 7;
