import type { TestProject } from 'vitest/node';

import { startHouse, type House } from './house';

declare module 'vitest' {
  interface ProvidedContext {
    house: House;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { house, stop } = await startHouse();
  project.provide('house', house);
  return stop;
}
