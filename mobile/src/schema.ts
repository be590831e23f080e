// Made from the server's /api/v1/schema/ by "npm run schema". Not to be edited.

export interface paths {
    "/api/v1/account/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who you are; PATCH changes name, phone or language; DELETE has everything of you deleted. */
        get: operations["account"];
        put?: never;
        post?: never;
        /** @description Signed out everywhere at once; erased now, or by itself once nothing is open any more. */
        delete: operations["account_delete"];
        options?: never;
        head?: never;
        /** @description Who you are; PATCH changes name, phone or language; DELETE has everything of you deleted. */
        patch: operations["account_change"];
        trace?: never;
    };
    "/api/v1/account/export/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Everything that is known of you, as JSON: yourself, your bookings, payments, refunds and mails. */
        get: operations["account_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
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
        /** @description Revoke all of this customer's tokens, and end their sessions in browsers. */
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
    "/api/v1/booking/{reference}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The appointment for one's own calendar; fetched again after a change, it replaces what is there. */
        get: operations["booking_calendar_file"];
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
    "/api/v1/booking/{reference}/move/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Move a booking to another time, and see before what that would mean. */
        get: operations["booking_move_quote"];
        put?: never;
        /** @description Move a booking to another time, and see before what that would mean. */
        post: operations["booking_move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/booking/{reference}/receipt.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What was paid for a booking and given back, as a PDF in the customer's language. */
        get: operations["booking_receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/business/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who sells here, for anybody. */
        get: operations["business"];
        put?: never;
        post?: never;
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
        /** @description Services that can be booked, for anybody. */
        get: operations["service_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service/{service}/slots/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Free times of a service, for anybody. What was answered before isn't worked out again. */
        get: operations["service_slots"];
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
        Account: {
            /** Format: email */
            readonly email: string;
            name: string;
            phone: string;
            language: string;
        };
        /** @description The service as it was when it was booked. */
        BookedService: {
            id: number;
            name: string;
            readonly duration_minutes: number;
        };
        BookingAnswer: {
            readonly reference: string;
            status: components["schemas"]["BookingStatus"];
            service: components["schemas"]["BookedService"];
            resource: components["schemas"]["ResourceAnswer"] | null;
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            ends_at: string;
            /** @description The business's, read once for a list. */
            readonly time_zone: string;
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
            /**
             * Format: date-time
             * @description Until then cancelling gives everything back.
             */
            refundable_until: string;
        };
        BookingRequest: {
            /** Format: int64 */
            service: number;
            /** Format: date-time */
            starts_at: string;
            /** Format: int64 */
            resource?: number | null;
        };
        /**
         * @description * `pending_payment` - Waiting for payment
         *     * `confirmed` - Confirmed
         *     * `cancelled` - Cancelled
         *     * `expired` - Expired unpaid
         *     * `completed` - Completed
         *     * `no_show` - Did not come
         * @enum {string}
         */
        BookingStatus: "pending_payment" | "confirmed" | "cancelled" | "expired" | "completed" | "no_show";
        BusinessAnswer: {
            name?: string;
            time_zone?: string;
            currency?: string;
            address?: string;
            phone?: string;
            email?: string;
            website?: string;
            /** Format: double */
            readonly refund_notice_hours: number;
        };
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
        DayAnswer: {
            /** Format: date */
            date: string;
            why_none: components["schemas"]["WhyNoneEnum"] | components["schemas"]["NullEnum"];
            slots: components["schemas"]["SlotAnswer"][];
        };
        DisputeAnswer: {
            amount: number;
            currency: string;
            status: string;
            reason: string;
            /** Format: date-time */
            opened_at: string;
        };
        Leaving: {
            state: components["schemas"]["StateEnum"];
            waits_for: components["schemas"]["WaitsFor"][];
        };
        MoveAnswer: {
            movable: boolean;
            /** @description Why it can't be moved there. */
            code: string | null;
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            ends_at: string;
            /** Format: date-time */
            refundable_until: string;
            /** Format: date-time */
            server_time: string;
        };
        MoveRequest: {
            /** Format: date-time */
            starts_at: string;
            /** Format: int64 */
            resource?: number | null;
            /** Format: date-time */
            expected_refundable_until?: string | null;
        };
        NullEnum: null;
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
        PatchedAccount: {
            /** Format: email */
            readonly email?: string;
            name?: string;
            phone?: string;
            language?: string;
        };
        PatchedPassword: {
            password?: string;
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
        /**
         * @description * `appointment` - appointment
         *     * `refund` - refund
         *     * `refund_may_return` - refund_may_return
         *     * `dispute` - dispute
         * @enum {string}
         */
        ReasonEnum: "appointment" | "refund" | "refund_may_return" | "dispute";
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
         *     * `succeeded` - Refunded
         *     * `failed` - Returned by the bank
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
        ResourceAnswer: {
            readonly id: number;
            name: string;
        };
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
            description?: string;
            readonly duration_minutes: number;
            /**
             * Format: int64
             * @description In minor units: 4500 is £45.00.
             */
            price: number;
            currency?: string;
            /**
             * Format: int64
             * @description How many bookings may share a time.
             */
            capacity?: number;
            /** Format: double */
            readonly refund_notice_hours: number;
            readonly resources: components["schemas"]["ResourceAnswer"][];
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
            /** @description The app's own random id for this device: told to a bank if the payment is disputed. */
            install_id?: string;
        };
        SlotAnswer: {
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            ends_at: string;
            /** @description What the clock on the wall shows, such as 2026-12-01T14:00. */
            local: string;
            resources: number[];
            /** @description How many more fit. */
            places: number;
        };
        SlotsAnswer: {
            service: number;
            time_zone: string;
            days: components["schemas"]["DayAnswer"][];
        };
        /**
         * @description * `erased` - erased
         *     * `waiting` - waiting
         * @enum {string}
         */
        StateEnum: "erased" | "waiting";
        Token: {
            token: string;
            /** Format: date-time */
            expiry: string;
        };
        WaitsFor: {
            booking_reference: string;
            reason: components["schemas"]["ReasonEnum"];
        };
        /**
         * @description * `closed` - closed
         *     * `full` - full
         *     * `too_soon` - too_soon
         *     * `too_far` - too_far
         * @enum {string}
         */
        WhyNoneEnum: "closed" | "full" | "too_soon" | "too_far";
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
    account: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["Account"];
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
    account_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedPassword"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leaving"];
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
    account_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PatchedAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
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
    account_export: {
        parameters: {
            query?: never;
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
                    "application/json": {
                        [key: string]: unknown;
                    };
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
                /**
                 * @description Those that have not begun, or those that have.
                 *
                 *     * `upcoming` - upcoming
                 *     * `past` - past
                 */
                when?: "upcoming" | "past";
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
    booking_calendar_file: {
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
                    "text/calendar": string;
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
    booking_move_quote: {
        parameters: {
            query: {
                resource?: number;
                starts_at: string;
            };
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
                    "application/json": components["schemas"]["MoveAnswer"];
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
    booking_move: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                reference: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveRequest"];
            };
        };
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
    booking_receipt: {
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
                    "application/pdf": string;
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
    business: {
        parameters: {
            query?: never;
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
                    "application/json": components["schemas"]["BusinessAnswer"];
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
    service_slots: {
        parameters: {
            query?: {
                /** @description 1 to 31, default 7. */
                days?: number;
                /** @description First day, of the business's zone; default today. */
                from?: string;
                /** @description Only with this one. */
                resource?: number;
            };
            header?: never;
            path: {
                service: number;
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
                    "application/json": components["schemas"]["SlotsAnswer"];
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
