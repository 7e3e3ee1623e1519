import { listenForSignals } from './serve-signals.ts';

// A server that has just become itself anew has agents at work: a signal that ended it before it listens would leave them.
if (process.argv[2] === 'serve') listenForSignals();
