import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.security.Key;
import java.security.KeyFactory;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** Reads lines "encrypt|decrypt hash mgf1Hash key data" (hash "-": Java's default) and prints a result per line. */
class Oaep {
  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = in.readLine()) != null; ) {
      String[] job = line.split(" ");
      boolean encrypts = job[0].equals("encrypt");
      byte[] der = Base64.getDecoder().decode(job[3]);
      KeyFactory keys = KeyFactory.getInstance("RSA");
      Key key = encrypts
          ? keys.generatePublic(new X509EncodedKeySpec(der))
          : keys.generatePrivate(new PKCS8EncodedKeySpec(der));
      int mode = encrypts ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
      if (job[1].equals("-")) {
        cipher.init(mode, key);
      } else {
        MGF1ParameterSpec mgf1 = new MGF1ParameterSpec(job[2]);
        cipher.init(mode, key, new OAEPParameterSpec(job[1], "MGF1", mgf1, PSource.PSpecified.DEFAULT));
      }
      System.out.println(Base64.getEncoder().encodeToString(cipher.doFinal(Base64.getDecoder().decode(job[4]))));
    }
  }
}
