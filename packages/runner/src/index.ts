export { type AgentProcess, type ProcessExit, type ProcessOptions, startProcess } from './agent-process.ts';
export { STOP_BOUNDS, type StopBounds } from './end-family.ts';
export { type EnvironmentOptions, toEnvironment } from './environment.ts';
export { type ProgramFound, type ProgramQuery, findProgram } from './find-program.ts';
export { type LineSplitter, type SplitLine, createLineSplitter } from './json-lines.ts';
export { endOrphans } from './orphan.ts';
export { type ProcessMarker, toServerMarker } from './process-marker.ts';
