import openapiTS, { astToString } from 'openapi-typescript';
import { expect, inject, test } from 'vitest';

const HEADER = '// Made from the server\'s /api/v1/schema/ by "npm run schema". Not to be edited.\n\n';

test('the types are those of the server as it is', async () => {
  const answer = await fetch(`${inject('house').serverUrl}/api/v1/schema/?format=json`);
  const types = HEADER + astToString(await openapiTS(await answer.text()));
  await expect(types).toMatchFileSnapshot('../../src/schema.ts');
});
