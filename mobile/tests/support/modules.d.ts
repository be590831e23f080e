declare module '@stripe/stripe-react-native/jest/mock.js' {
  const shipped: Record<string, unknown>;
  export default shipped;
}
