package io.warren.radius;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection to a server failed or was ended: what the log says, and what an operator can do. */
enum TlsFailure {
    NOT_REACHED(
            "cannot be connected to",
            "is it up, does it listen for RADIUS over TLS at this port (tls.port), do firewalls let it through?"),
    NO_TLS("does not speak TLS at this port", "let it listen with TLS, or set tls.port"),
    NO_AGREEMENT("and we have no version or cipher of TLS in common", "let it offer TLS 1.2 or 1.3"),
    NOT_TRUSTED(
            "has a certificate that no authority of tls.ca has signed", "set tls.ca to what its certificate leads to"),
    WRONG_NAME("has a certificate for another name", "set tls.name to a name that its certificate is for"),
    NOT_VALID_NOW("has a certificate that is not valid at this time", "let it be renewed there, or set the clock"),
    WE_ARE_REFUSED(
            "refuses our certificate or the lack of one",
            "set tls.certificate and tls.key to what an authority of the server has signed, and see its log"),
    CLOSED("closed the connection before it answered", "does it know this node's address as a client? See its log"),
    MALFORMED("sent what is no RADIUS packet", "does a RADIUS server listen at this port (tls.port)?"),
    WRONG_ANSWER(
            "sent an answer that fails its check",
            "is secret the same on both sides (radsec, if it says nothing)? If it does not sign its answers: let it, or"
                    + " set message-authenticator = accept"),
    SILENT("left a request unanswered, and nothing else came", "is it overloaded? The connection is made anew"),
    FAILED("failed", "see the reason");

    private static final int DEEPEST = 16;

    private final String trouble;
    private final String remedy;

    TlsFailure(String trouble, String remedy) {
        this.trouble = trouble;
        this.remedy = remedy;
    }

    /** For the log, behind the server's name. */
    String trouble() {
        return trouble;
    }

    String remedy() {
        return remedy;
    }

    /** For the figures. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** @param established whether both had said who they are */
    static TlsFailure of(@Nullable Exception why, boolean established) {
        if (why == null || why instanceof EOFException) {
            return CLOSED;
        }
        if (why instanceof ProtocolException) {
            return MALFORMED;
        }
        String message = text(why).toLowerCase(Locale.ROOT);
        if (why instanceof SSLException) {
            TlsFailure certificate = ofCertificate(why);
            return certificate != null ? certificate : ofTls(message);
        }
        if (established) {
            return why instanceof SocketException ? CLOSED : FAILED;
        }
        if (why instanceof ConnectException || why instanceof NoRouteToHostException || message.startsWith("connect")) {
            return NOT_REACHED;
        }
        return why instanceof SocketException || why instanceof SocketTimeoutException ? CLOSED : FAILED;
    }

    /** What is wrong with the server's certificate; null: nothing of the kind. */
    private static @Nullable TlsFailure ofCertificate(Exception why) {
        boolean certificate = false;
        Throwable cause = why;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return NOT_VALID_NOW;
            }
            if (cause instanceof CertPathValidatorException path
                    && path.getReason() == CertPathValidatorException.BasicReason.EXPIRED) {
                return NOT_VALID_NOW;
            }
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                certificate = true;
            }
            if (cause instanceof CertificateException && cause.getCause() == null) {
                return isOfName(text(cause)) ? WRONG_NAME : NOT_TRUSTED;
            }
            cause = cause.getCause();
        }
        return certificate ? NOT_TRUSTED : null;
    }

    /** The platform tells this by its words alone. */
    private static boolean isOfName(String message) {
        return message.startsWith("No subject alternative") || message.startsWith("No name matching");
    }

    private static TlsFailure ofTls(String message) {
        if (message.contains("unsupported or unrecognized ssl message")) {
            return NO_TLS;
        }
        if (!message.contains("received fatal alert")) {
            return message.contains("terminated the handshake") || message.contains("shut down incorrectly")
                    ? CLOSED
                    : FAILED;
        }
        if (message.contains("certificate") || message.contains("unknown_ca") || message.contains("access_denied")) {
            return WE_ARE_REFUSED;
        }
        return message.contains("handshake_failure") || message.contains("protocol_version") ? NO_AGREEMENT : FAILED;
    }

    /** What an exception says; it may quote the server, so nothing that could forge a line. */
    static String text(Throwable why) {
        String message = why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
        String line = message.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }
}
