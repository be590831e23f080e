/**
 * Stands in for @stripe/stripe-react-native: Stripe's shipped mock, extended where it falls short. It has no
 * PaymentSheetError, and its sheet says yes to everything without having been set up.
 */
import shipped from '@stripe/stripe-react-native/jest/mock.js';
import type { initPaymentSheet as Init, initStripe as Start, presentPaymentSheet as Present } from '@stripe/stripe-react-native';
import type { Mock } from 'vitest';

export enum PaymentSheetError {
  Failed = 'Failed',
  Canceled = 'Canceled',
  Timeout = 'Timeout',
}

export const initStripe = shipped.initStripe as Mock<typeof Start>;
export const initPaymentSheet = shipped.initPaymentSheet as Mock<typeof Init>;
export const presentPaymentSheet = shipped.presentPaymentSheet as Mock<typeof Present>;
/** New functions for every call, as usePaymentSheet's are: nobody may rely on them staying the same. */
export const useStripe = () => ({
  initPaymentSheet: (...given: Parameters<typeof Init>) => initPaymentSheet(...given),
  presentPaymentSheet: (...given: Parameters<typeof Present>) => presentPaymentSheet(...given),
});
