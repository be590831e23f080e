import { cleanup, configure } from '@testing-library/react';
import { focusManager, onlineManager } from '@tanstack/react-query';
import { afterEach, beforeEach, vi } from 'vitest';

// Stripe's shipped mock is written for Jest.
vi.hoisted(() => {
  Object.assign(globalThis, { jest: { fn: vi.fn, mock: () => undefined }, IS_REACT_ACT_ENVIRONMENT: true });
});

configure({ asyncUtilTimeout: 10_000 });

beforeEach(() => {
  focusManager.setFocused(true);
  onlineManager.setOnline(true);
});
afterEach(cleanup);
