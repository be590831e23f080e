// Made from the server's /api/v1/schema/ by "npm run schema". Not to be edited.

export interface paths {
    "/api/v1/auth/logout/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Revoke the token that this request was signed with. */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-all/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Revoke all of this customer's tokens. */
        post: operations["sign_out_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/token/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Exchange user name and password for a token; 401 `invalid_credentials` if they don't match. */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/booking/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The customer's bookings, newest first; POST books a slot and holds it until it is paid. */
        get: operations["booking_list"];
        put?: never;
        /** @description The customer's bookings, newest first; POST books a slot and holds it until it is paid. */
        post: operations["booking_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/booking/{reference}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One of the customer's bookings; anyone else's is not found. */
        get: operations["booking_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/booking/{reference}/cancel/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * @description Cancel a booking, and see before what that gives back.
         *
         *     It lives with the refunds though its URL says booking: cancelling is what causes them.
         */
        get: operations["booking_cancel_quote"];
        put?: never;
        /**
         * @description Cancel a booking, and see before what that gives back.
         *
         *     It lives with the refunds though its URL says booking: cancelling is what causes them.
         */
        post: operations["booking_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payment/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Prepare the payment sheet for a booking. Asked twice, it gives the same PaymentIntent. */
        post: operations["payment_sheet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payment/refund-status/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Where the money of a booking stands, in figures and in words. */
        get: operations["refund_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Services that can be booked. */
        get: operations["service_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        BookedService: {
            readonly id: number;
            name: string;
            readonly duration_minutes: number;
        };
        BookingAnswer: {
            readonly reference: string;
            status: components["schemas"]["BookingStatus"];
            service: components["schemas"]["BookedService"];
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            ends_at: string;
            /**
             * Format: int64
             * @description Minor units.
             */
            amount: number;
            currency: string;
            /** Format: date-time */
            hold_expires_at?: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            cancelled_at?: string | null;
            /** Format: date-time */
            readonly refundable_until: string;
        };
        BookingRequest: {
            /** Format: int64 */
            service: number;
            /** Format: date-time */
            starts_at: string;
        };
        /**
         * @description * `pending_payment` - Waiting for payment
         *     * `confirmed` - Confirmed
         *     * `cancelled` - Cancelled
         *     * `expired` - Expired unpaid
         *     * `completed` - Completed
         * @enum {string}
         */
        BookingStatus: "pending_payment" | "confirmed" | "cancelled" | "expired" | "completed";
        CancelAnswer: {
            booking: components["schemas"]["BookingAnswer"];
            refund: components["schemas"]["CancelledRefund"];
        };
        CancelRequest: {
            reason?: string;
            /** Format: int64 */
            expected_refund?: number;
        };
        /** @description As in the status; where nothing was paid there is no record, so no id and no dates. */
        CancelledRefund: {
            id: string | null;
            amount: number;
            currency: string;
            status: components["schemas"]["RefundRecordStatus"];
            rule: components["schemas"]["RuleEnum"];
            /** Format: date-time */
            requested_at: string | null;
            /** Format: date-time */
            settled_at: string | null;
            message: string;
            explanation: string;
        };
        Credentials: {
            username: string;
            password: string;
        };
        DisputeAnswer: {
            amount: number;
            currency: string;
            status: string;
            reason: string;
            /** Format: date-time */
            opened_at: string;
        };
        PaginatedBookingAnswerList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["BookingAnswer"][];
        };
        PaginatedServiceAnswerList: {
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cD00ODY%3D"
             */
            next?: string | null;
            /**
             * Format: uri
             * @example http://api.example.org/accounts/?cursor=cj0xJnA9NDg3
             */
            previous?: string | null;
            results: components["schemas"]["ServiceAnswer"][];
        };
        QuoteAnswer: {
            booking_reference: string;
            cancellable: boolean;
            refund: components["schemas"]["QuotedRefund"];
            /** Format: date-time */
            refundable_until: string;
            /** Format: date-time */
            server_time: string;
        };
        QuotedRefund: {
            amount: number;
            currency: string;
            rule: components["schemas"]["RuleEnum"];
            explanation: string;
        };
        RefundAnswer: {
            id: string;
            amount: number;
            currency: string;
            status: components["schemas"]["RefundRecordStatus"];
            rule: components["schemas"]["RuleEnum"];
            /** Format: date-time */
            requested_at: string;
            /** Format: date-time */
            settled_at: string | null;
            message: string;
        };
        /**
         * @description * `not_due` - Nothing owed
         *     * `queued` - Queued
         *     * `sending` - Being sent
         *     * `unknown` - Outcome unknown
         *     * `pending` - Pending at Stripe
         *     * `succeeded` - Sent back
         *     * `failed` - Came back
         *     * `canceled` - Cancelled at Stripe
         *     * `on_hold` - On hold
         *     * `needs_attention` - Needs a person
         *     * `superseded` - Already refunded otherwise
         *     * `withdrawn` - Withdrawn
         *     * `settled_by_dispute` - Settled by a dispute
         *     * `paid_otherwise` - Paid by other means
         * @enum {string}
         */
        RefundRecordStatus: "not_due" | "queued" | "sending" | "unknown" | "pending" | "succeeded" | "failed" | "canceled" | "on_hold" | "needs_attention" | "superseded" | "withdrawn" | "settled_by_dispute" | "paid_otherwise";
        RefundStatusAnswer: {
            booking_reference: string;
            booking_status: string;
            currency: string;
            paid: number;
            refunded: number;
            in_progress: number;
            status: components["schemas"]["RefundStatusAnswerStatusEnum"];
            message: string;
            refunds: components["schemas"]["RefundAnswer"][];
            dispute: components["schemas"]["DisputeAnswer"] | null;
        };
        /**
         * @description * `none` - none
         *     * `not_due` - not_due
         *     * `in_progress` - in_progress
         *     * `succeeded` - succeeded
         *     * `delayed` - delayed
         *     * `failed` - failed
         *     * `disputed` - disputed
         * @enum {string}
         */
        RefundStatusAnswerStatusEnum: "none" | "not_due" | "in_progress" | "succeeded" | "delayed" | "failed" | "disputed";
        /**
         * @description * `in_time` - Cancelled in time
         *     * `too_late` - Cancelled too late
         *     * `nothing_paid` - Nothing was paid
         *     * `business_cancelled` - Cancelled by the business
         *     * `goodwill` - Goodwill
         *     * `orphaned_payment` - Payment that can't stay
         *     * `dashboard` - Made at Stripe
         * @enum {string}
         */
        RuleEnum: "in_time" | "too_late" | "nothing_paid" | "business_cancelled" | "goodwill" | "orphaned_payment" | "dashboard";
        ServiceAnswer: {
            readonly id: number;
            name: string;
            readonly duration_minutes: number;
            /**
             * Format: int64
             * @description In minor units: 4500 is £45.00.
             */
            price: number;
            currency?: string;
            /**
             * Format: int64
             * @description How many bookings may overlap.
             */
            capacity?: number;
        };
        /** @description Stripe's own names, as initPaymentSheet reads them; one of the two secrets, never both. */
        SheetAnswer: {
            paymentIntent: string;
            customer: string;
            publishableKey: string;
            customerSessionClientSecret?: string;
            ephemeralKey?: string;
            booking_reference: string;
            amount: number;
            currency: string;
        };
        SheetRequest: {
            booking_reference: string;
            mobile_stripe_version?: string;
        };
        Token: {
            token: string;
            /** Format: date-time */
            expiry: string;
        };
        /** @description RFC 9457. `code` is stable, `detail` is for people; some codes add members. */
        Problem: {
            type: string;
            title: string;
            status: number;
            code: string;
            detail: string;
            errors?: {
                field: string;
                code: string;
                detail: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out_everywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    booking_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedBookingAnswerList"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    booking_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BookingRequest"];
            };
        };
        responses: {
            /** @description The hold that you already have. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    booking_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingAnswer"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    booking_cancel_quote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuoteAnswer"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    booking_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CancelRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelAnswer"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    payment_sheet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SheetRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SheetAnswer"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refund_status: {
        parameters: {
            query: {
                booking_reference: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundStatusAnswer"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    service_list: {
        parameters: {
            query?: {
                /** @description The pagination cursor value. */
                cursor?: string;
                /** @description Number of results to return per page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaginatedServiceAnswerList"];
                };
            };
            /** @description Any error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
