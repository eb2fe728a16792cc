package io.warren.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and keys in files as OpenSSL writes them (RFC 7468). What is wrong with one is said by an
 * {@link IllegalArgumentException} that shows nothing of the file.
 */
final class PemFiles {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final String KEY = "PRIVATE KEY";
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemFiles() {}

    private record Block(String label, String base64) {
        byte[] octets() {
            try {
                return Base64.getMimeDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("what BEGIN " + label + " begins is no proper Base64", e);
            }
        }
    }

    /** At least one. */
    static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.label.equals("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.octets())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a certificate in " + file + " cannot be read", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("there is no BEGIN CERTIFICATE in " + file);
        }
        return List.copyOf(certificates);
    }

    /** The first. */
    static PrivateKey privateKey(Path file) {
        for (Block block : blocks(file)) {
            if (block.label.equals(KEY)) {
                return privateKey(block.octets(), file);
            }
            if (block.label.endsWith(KEY)) {
                throw new IllegalArgumentException(file + " begins with BEGIN " + block.label
                        + "; it must be BEGIN PRIVATE KEY (openssl pkcs8 -topk8 -nocrypt makes it so)");
            }
        }
        throw new IllegalArgumentException("there is no BEGIN PRIVATE KEY in " + file);
    }

    private static PrivateKey privateKey(byte[] octets, Path file) {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(octets));
            } catch (InvalidKeySpecException ofAnotherAlgorithm) {
                // the next may fit
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e); // every Java platform has these
            }
        }
        throw new IllegalArgumentException("the key in " + file + " is none of RSA, EC, Ed25519 and Ed448");
    }

    /** Whether what one signs the other verifies. */
    static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        byte[] any = {1, 2, 3, 4};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(any);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(any);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<Block> blocks(Path file) {
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        List<Block> blocks = new ArrayList<>();
        try {
            Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            while (matcher.find()) {
                blocks.add(new Block(matcher.group(1), matcher.group(2)));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
        return blocks;
    }
}
