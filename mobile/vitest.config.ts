import { defineConfig } from 'vitest/config';

const react = {
  resolve: {
    alias: [
      { find: /^react-native$/, replacement: 'react-native-web' },
      // Exactly this: what is shipped below it (jest/mock.js) stays Stripe's.
      { find: /^@stripe\/stripe-react-native$/, replacement: `${import.meta.dirname}/tests/support/stripe.ts` },
    ],
  },
};
const setup = {
  environment: './tests/support/environment.ts',
  setupFiles: './tests/support/setup.ts',
  restoreMocks: false,
  unstubGlobals: true,
};

export default defineConfig({
  test: {
    projects: [
      { ...react, test: { ...setup, name: 'alone', include: ['tests/*.test.{ts,tsx}'] } },
      {
        ...react,
        test: {
          ...setup,
          name: 'server',
          include: ['tests/server/*.test.{ts,tsx}'],
          globalSetup: './tests/server/support/globalSetup.ts',
          fileParallelism: false, // one sandbox, whose switches are for all
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
