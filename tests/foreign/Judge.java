import java.io.File;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.io.ByteArrayInputStream;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What Java's own XML signatures (JSR 105) say of a file: {@code java Judge.java document|message FILE}. Prints "good"
 * or "bad", with the reason. Shares nothing with Qaqpa.
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
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Document document = factory.newDocumentBuilder().parse(new File(file));
            return holds(document, form.equals("message")) ? "good" : "bad";
        } catch (Exception error) {
            return "bad: " + error;
        }
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
