// Package deployer reads packages of Package Deployer: a folder or zip with ImportConfig.xml and the zips of solutions that it
// lists, which are imported in the order of that list.
//
//	pkg, err := deployer.Open(fsys) // a folder, or a zip as *zip.Reader
//	for _, s := range pkg.Config.Solutions {
//		... // the zip path.Join(pkg.Dir, s.File)
//	}
//	found := append(pkg.Diagnostics(), pkg.Check(p, solutions)...) // against a plan of them
//
// # The file
//
// ImportConfig.xml stands in any folder, mostly PkgAssets or PkgFolder, and its name is in any case. It is UTF-8, or UTF-16 with a
// byte order mark. Of it only configdatastorage/solutions is read:
//
//	<configsolutionfile solutionpackagefilename="A_managed.zip"
//	    overwriteunmanagedcustomizations="false" publishworkflowsandactivateplugins="true" />
//
// The name of the file is relative to the folder of the list. Without overwriteunmanagedcustomizations changes by hand stay, and
// without publishworkflowsandactivateplugins flows and steps are turned on. Whether a solution is updated or upgraded the file does
// not say; the versions and the code of the package decide.
//
// Facts are from public documentation, and from files that packages were observed to hold.
package deployer
