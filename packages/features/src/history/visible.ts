/** Ids of this length are made by chance, and mean the same conversation wherever they come from. */
const UNIQUE_CHARS = 16;

/**
 * Whether a conversation `c` that was found is worth showing: Baton does not go on with it, and it is not one that is found in
 * another way too. Several agents may drive the same program, which keeps its conversations in one place; where its ids are
 * short (a count, a day), only the same agent or the same folder makes them the same.
 */
export const VISIBLE = `
  NOT EXISTS (
    SELECT 1 FROM own_natives AS own JOIN conversations AS mine ON mine.key = own.conversation
      WHERE own.native_id = c.native_id
        AND (c.told = 0 OR length(c.native_id) >= ${UNIQUE_CHARS} OR mine.backend = c.backend))
  AND (c.told = 0 OR NOT EXISTS (
    SELECT 1 FROM conversations AS twin
      WHERE twin.native_id = c.native_id AND twin.key <> c.key AND twin.view IS NOT NULL
        AND (twin.told = 0 OR twin.key < c.key)
        AND (length(c.native_id) >= ${UNIQUE_CHARS} OR json_extract(twin.view, '$.cwd') = json_extract(c.view, '$.cwd'))))`;
