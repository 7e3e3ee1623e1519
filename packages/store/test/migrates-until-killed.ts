// A program for the migration test: migrates the database argv[2] and ends itself with SIGKILL before statement argv[3].
import { migrate, readMigrations } from '../src/sqlite/migrate.ts';
import { SteppingDatabase } from './stepping-database.ts';

const [path = '', last = ''] = process.argv.slice(2);
let step = 0;
const db = new SteppingDatabase(path, () => {
  if (step === Number(last)) process.kill(process.pid, 'SIGKILL');
  step += 1;
});
migrate(db, { path, migrations: readMigrations() });
process.kill(process.pid, 'SIGKILL');
