export { runCli, type AddCommand } from './run-cli.ts';
