import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What Java says of files: {@code java Judge.java document|message FILE…} of XML signatures (JSR 105),
 * {@code java Judge.java crl|ocsp FILE…} of certificates (PKIX), whose revocation is asked of the lists {@code
 * centre.crl} and {@code root.crl} beside them, or of the OCSP answer {@code FILE.ocsp}; {@code root.pem} is trusted, and
 * {@code issuing.pem} lies between. Prints "good" or "bad", with the reason. Shares nothing with Qaqpa.
 */
public class Judge {
    private static final String DS = XMLSignature.XMLNS;
    private static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
    private static final String OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-";

    public static void main(String[] arguments) throws Exception {
        for (int index = 1; index < arguments.length; index++) {
            System.out.println(new File(arguments[index]).getName() + " " + said(arguments[0], arguments[index]));
        }
    }

    private static String said(String form, String file) {
        try {
            if (form.equals("crl") || form.equals("ocsp")) {
                validate(new File(file), form.equals("crl"));
                return "good";
            }
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Document document = factory.newDocumentBuilder().parse(new File(file));
            return holds(document, form.equals("message")) ? "good" : "bad";
        } catch (CertPathValidatorException error) {
            return "bad: " + error.getReason() + " at " + error.getIndex() + ", " + error.getMessage();
        } catch (Exception error) {
            return "bad: " + error;
        }
    }

    private static void validate(File file, boolean byLists) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        File folder = file.getParentFile();
        X509Certificate own = certificate(factory, file);
        X509Certificate issuing = certificate(factory, new File(folder, "issuing.pem"));
        X509Certificate root = certificate(factory, new File(folder, "root.pem"));
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        if (byLists) {
            List<Object> lists = List.of(
                    factory.generateCRL(new ByteArrayInputStream(bytes(new File(folder, "centre.crl")))),
                    factory.generateCRL(new ByteArrayInputStream(bytes(new File(folder, "root.crl")))));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
            checker.setOptions(Set.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
        } else {
            checker.setOcspResponses(Map.of(own, bytes(new File(file + ".ocsp"))));
            checker.setOptions(Set.of(Option.ONLY_END_ENTITY, Option.NO_FALLBACK));
        }
        parameters.addCertPathChecker(checker);
        validator.validate(factory.generateCertPath(List.of(own, issuing)), parameters);
    }

    private static byte[] bytes(File file) throws Exception {
        return Files.readAllBytes(file.toPath());
    }

    private static X509Certificate certificate(CertificateFactory factory, File file) throws Exception {
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes(file)));
    }

    private static boolean holds(Document document, boolean isMessage) throws Exception {
        Element root = document.getDocumentElement();
        Element place = isMessage
                ? child(child(root, SOAP, "Header"), OASIS + "secext-1.0.xsd", "Security")
                : root;
        Element signature = child(place, DS, "Signature");
        Element info = child(signature, DS, "KeyInfo");
        String inside = isMessage ? "KeyIdentifier" : "X509Certificate";
        NodeList found = info.getElementsByTagNameNS("*", inside);
        byte[] der = Base64.getMimeDecoder().decode(found.item(0).getTextContent());
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        DOMValidateContext context = new DOMValidateContext(certificate.getPublicKey(), signature);
        if (isMessage) {
            Element body = child(root, SOAP, "Body");
            context.setIdAttributeNS(body, OASIS + "utility-1.0.xsd", "Id");
        }
        return XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context).validate(context);
    }

    private static Element child(Element parent, String namespace, String name) {
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (name.equals(node.getLocalName()) && namespace.equals(node.getNamespaceURI())) {
                return (Element) node;
            }
        }
        throw new IllegalStateException("no " + name);
    }
}
