package io.warren.radius;

/** The attributes of vendors that are used here. */
enum VendorAttribute {
    // Microsoft, RFC 2548
    MS_CHAP_ERROR(311, 2),
    MS_MPPE_ENCRYPTION_POLICY(311, 7),
    MS_MPPE_ENCRYPTION_TYPES(311, 8),
    MS_CHAP_CHALLENGE(311, 11),
    MS_MPPE_SEND_KEY(311, 16),
    MS_MPPE_RECV_KEY(311, 17),
    MS_CHAP2_RESPONSE(311, 25),
    MS_CHAP2_SUCCESS(311, 26),
    MS_PRIMARY_DNS_SERVER(311, 28),
    MS_SECONDARY_DNS_SERVER(311, 29),
    // Wireless ISP roaming: bits a second, and a time as ISO 8601 writes it
    WISPR_BANDWIDTH_MAX_UP(14122, 7),
    WISPR_BANDWIDTH_MAX_DOWN(14122, 8),
    WISPR_SESSION_TERMINATE_TIME(14122, 9),
    // Mikrotik
    MIKROTIK_RATE_LIMIT(14988, 8);

    private final int vendor;
    private final int number;

    VendorAttribute(int vendor, int number) {
        this.vendor = vendor;
        this.number = number;
    }

    int vendor() {
        return vendor;
    }

    int number() {
        return number;
    }
}
