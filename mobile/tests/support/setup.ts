import { cleanup, configure } from '@testing-library/react';
import { focusManager, onlineManager } from '@tanstack/react-query';
import { afterEach, beforeEach, vi } from 'vitest';

// Stripe's shipped mock is written for Jest.
vi.hoisted(() => {
  Object.assign(globalThis, { jest: { fn: vi.fn, mock: () => undefined }, IS_REACT_ACT_ENVIRONMENT: true });
});

// Long enough for a busy machine; nothing waits that long unless it fails. No styles hide anything here.
configure({ asyncUtilTimeout: 30_000, defaultHidden: true });

beforeEach(() => {
  focusManager.setFocused(true);
  onlineManager.setOnline(true);
});
afterEach(cleanup);
