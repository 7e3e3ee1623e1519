import { describeEventStore } from '@baton/testkit';
import { temporaryPath } from '../../test/temporary-path.ts';
import { openSqliteStore } from './sqlite-store.ts';

describeEventStore('sqlite', () => openSqliteStore({ path: temporaryPath('baton.db') }));
