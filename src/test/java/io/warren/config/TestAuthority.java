package io.warren.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** An authority for certificates (RFC 5280) that exists as long as a test. */
public final class TestAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = sequence(hex("06082a8648ce3d040302"));
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final KeyPair keys = keys();
    private final X509Certificate certificate;
    private int serial = 1;

    /** A certificate and its key. */
    public record Issued(X509Certificate certificate, KeyPair keys) {
        public String certificatePem() {
            return pem("CERTIFICATE", encoded(certificate));
        }

        public String keyPem() {
            return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
        }
    }

    public TestAuthority(String name) {
        this.name = name;
        byte[] mayIssue = sequence(hex("0603551d13"), hex("0101ff"), tagged(0x04, sequence(hex("0101ff"))));
        this.certificate = signed(name, keys, mayIssue, Duration.ofDays(1));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String pem() {
        return pem("CERTIFICATE", encoded(certificate));
    }

    /** For 127.0.0.1 and this DNS name. */
    public Issued issue(String dnsName) {
        return issue(dnsName, Duration.ofDays(1));
    }

    /** @param validity from a year ago until now and that; less than zero: it is over */
    public Issued issue(String dnsName, Duration validity) {
        byte[] dns = tagged(0x82, dnsName.getBytes(StandardCharsets.US_ASCII));
        byte[] address = tagged(0x87, new byte[] {127, 0, 0, 1});
        byte[] names = sequence(hex("0603551d11"), tagged(0x04, sequence(dns, address)));
        KeyPair theirs = keys();
        return new Issued(signed(dnsName, theirs, names, validity), theirs);
    }

    private X509Certificate signed(String subject, KeyPair theirs, byte[] extension, Duration validity) {
        Instant now = Instant.now();
        byte[] body = sequence(
                tagged(0xa0, hex("020102")),
                new byte[] {2, 1, (byte) serial++},
                ECDSA_WITH_SHA256,
                distinguished(name),
                sequence(time(now.minus(Duration.ofDays(365))), time(now.plus(validity))),
                distinguished(subject),
                theirs.getPublic().getEncoded(),
                tagged(0xa3, sequence(extension)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] all =
                    sequence(body, ECDSA_WITH_SHA256, tagged(0x03, joined(List.of(new byte[1], signature.sign()))));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(all));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] time(Instant at) {
        return tagged(0x17, UTC_TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] distinguished(String commonName) {
        byte[] text = tagged(0x0c, commonName.getBytes(StandardCharsets.UTF_8));
        return sequence(tagged(0x31, sequence(hex("0603550403"), text)));
    }

    private static byte[] sequence(byte[]... parts) {
        return tagged(0x30, joined(List.of(parts)));
    }

    private static byte[] tagged(int tag, byte[] value) {
        int length = value.length;
        byte[] head;
        if (length < 128) {
            head = new byte[] {(byte) tag, (byte) length};
        } else if (length < 256) {
            head = new byte[] {(byte) tag, (byte) 0x81, (byte) length};
        } else {
            head = new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        }
        return joined(List.of(head, value));
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String pem(String label, byte[] octets) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets)
                + "\n-----END " + label + "-----\n";
    }
}
